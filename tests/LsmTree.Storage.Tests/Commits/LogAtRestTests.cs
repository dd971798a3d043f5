using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Commits;

/// <summary>What the log reserves on the disk.</summary>
public sealed class LogAtRestTests : IDisposable
{
    private const long LargestFirstLog = 2 << 20; // 2 MiB, as LogChain says

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_flushed_store_has_one_short_log_until_it_is_written_to()
    {
        using var store = LsmStore.Open(_directory.File("db"), new LsmStoreOptions { Durability = Durability.Normal, MemtableBytes = 16 << 20, Seed = 1 });
        var value = new byte[1 << 10];
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 6 << 10; i++)
            {
                store.Put(BitConverter.GetBytes(i), value);
            }

            store.Flush();
            Assert.True(SpinWait.SpinUntil(() => LogBytes() <= LargestFirstLog, Background.Patience), $"round {round}: {LogBytes()} bytes of logs");
        }
    }

    private long LogBytes() => new DirectoryInfo(_directory.File("db")).EnumerateFiles("*.log").Sum(static file => file.Exists ? file.Length : 0);
}
