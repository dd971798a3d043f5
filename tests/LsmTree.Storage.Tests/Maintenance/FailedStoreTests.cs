using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Maintenance;

/// <summary>What a store does by itself after an error has stopped its writes: nothing that would grow.</summary>
public sealed class FailedStoreTests
{
    /// <summary>Without a log, which is what a step meets first.</summary>
    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Durability = Durability.Off, Seed = 1 };

    public static TheoryData<string, Action<LsmStore>> Tries => new()
    {
        { nameof(LsmStore.Flush), static store => store.Flush() },
        { nameof(LsmStore.Compact), static store => store.Compact() },
        { nameof(LsmStore.RunBackgroundStep), static store => store.RunBackgroundStep() },
    };

    [Theory]
    [MemberData(nameof(Tries), DisableDiscoveryEnumeration = true)]
    public void A_memtable_that_can_no_longer_be_installed_is_not_written_to_one_table_after_another(string name, Action<LsmStore> again)
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        store.Put("a"u8, "1"u8);
        FailOnce(files, () => store.Flush());
        AssertWritesNoTable(files, store, again, name);
    }

    [Fact]
    public void Tables_are_not_compacted_again_and_again_when_the_result_can_no_longer_be_installed()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        for (var table = 0; table < 4; table++)
        {
            store.Put("a"u8, "1"u8);
            store.Flush();
        }

        FailOnce(files, () => store.RunBackgroundStep());
        AssertWritesNoTable(files, store, static store => store.RunBackgroundStep(), nameof(LsmStore.RunBackgroundStep));
    }

    [Fact]
    public void A_bulk_load_into_a_failed_store_writes_no_table()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options);
        FailOnce(files, () => Load(store));
        AssertWritesNoTable(files, store, Load, nameof(LsmStore.BeginBulkLoad));
    }

    private static void Load(LsmStore store)
    {
        using var load = store.BeginBulkLoad();
        load.Add("c"u8, "3"u8);
        load.Complete();
    }

    private static void FailOnce(FaultyFileSystem files, Action step)
    {
        files.FailWhen(static (operation, path) => operation == FileOperation.Sync && path.Contains("MANIFEST", StringComparison.Ordinal));
        Assert.ThrowsAny<IOException>(step);
    }

    private static void AssertWritesNoTable(FaultyFileSystem files, LsmStore store, Action<LsmStore> again, string name)
    {
        var tables = Tables(files);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                again(store);
            }
            catch (StoreFailedException)
            {
                // Who asks is told.
            }

            Assert.True(tables == Tables(files), $"{name} has made {Tables(files)} tables of {tables}");
        }
    }

    private static int Tables(FaultyFileSystem files) => files.List("/db").Count(static name => name.EndsWith(".sst", StringComparison.Ordinal));
}
