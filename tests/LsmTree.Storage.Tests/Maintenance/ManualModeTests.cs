using LsmTree.Storage.Commits;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Maintenance;

/// <summary>A store without background threads waits for nobody: a write does what it needs.</summary>
public sealed class ManualModeTests
{
    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, TableBytes = 64 << 10, Seed = 1 };

    [Fact]
    public async Task A_writer_that_fills_level_0_compacts_instead_of_waiting_for_steps_that_nobody_takes()
    {
        using var store = LsmStore.OpenOn(new FaultyFileSystem(), "/db", null, s_options);
        var writer = Background.Run(() =>
        {
            for (var round = 0; round < 2 * WritePressure.HardTables; round++)
            {
                Overwrite(store, round);
            }
        });
        await writer.WaitAsync(Background.Patience);
        Assert.True(store.GetLevels()[0].Tables <= WritePressure.HardTables);
        Assert.True(store.GetStatistics().Compactions > 0);
        Assert.Equal(60, LsmStoreTests.Dump(store).Count);
    }

    [Fact]
    public void A_writer_that_cannot_compact_is_told_why_and_goes_on_when_the_cause_is_gone()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        for (var round = 0; round < WritePressure.HardTables; round++)
        {
            Overwrite(store, round);
            store.Flush();
        }

        Assert.Equal(WritePressure.HardTables, store.GetLevels()[0].Tables);
        files.FailOn(FileOperation.Create, ".sst", static () => new IOException("the disk is away"), sticky: true);
        var error = Assert.Throws<StoreFailedException>(() => store.Put("refused"u8, "1"u8));
        Assert.Contains("tables cannot be compacted: the disk is away", error.Message, StringComparison.Ordinal);
        Assert.False(error.OutcomeUnknown);
        Assert.False(store.Contains("refused"u8));
        Assert.Null(store.GetStatistics().Failure);
        files.ClearFaults();
        store.Put("accepted"u8, "1"u8);
        Assert.True(store.GetLevels()[0].Tables < WritePressure.HardTables);
        Assert.Equal(61, LsmStoreTests.Dump(store).Count);
    }

    private static void Overwrite(LsmStore store, int round)
    {
        for (var key = 0; key < 60; key++)
        {
            store.Put(BitConverter.GetBytes(key), BitConverter.GetBytes(round).Concat(new byte[1_000]).ToArray());
        }
    }
}
