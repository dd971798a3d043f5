using System.Diagnostics;
using System.Globalization;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Promises;

/// <summary>One writer at a time, and the one who is refused is told who has it.</summary>
public sealed class LockTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lsmtree-lock-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_second_writer_is_told_who_the_first_is()
    {
        var directory = Path.Combine(_root, "store");
        using (var first = LsmStore.Open(directory))
        {
            var refusal = Assert.Throws<StoreLockedException>(() => LsmStore.Open(directory));
            using var self = Process.GetCurrentProcess();
            Assert.Contains(self.Id.ToString(CultureInfo.InvariantCulture), refusal.Message, StringComparison.Ordinal);
            Assert.Contains(self.ProcessName, refusal.Message, StringComparison.Ordinal);
            Assert.Contains(directory, refusal.Message, StringComparison.Ordinal);
            Assert.True(refusal.IsTransient);
            first.Put("a"u8, "still writable"u8, Durability.Full);
        }

        using var second = LsmStore.Open(directory);
        Assert.True(second.Contains("a"u8));
    }

    [Fact]
    public void Another_spelling_of_the_path_is_the_same_store()
    {
        var directory = Path.Combine(_root, "store");
        using var first = LsmStore.Open(directory);
        Assert.Throws<StoreLockedException>(() => LsmStore.Open(Path.Combine(_root, ".", "other", "..", "store")));
        var link = Path.Combine(_root, "link");
        Directory.CreateSymbolicLink(link, directory);
        Assert.Throws<StoreLockedException>(() => LsmStore.Open(link));
    }

    [Fact]
    public async Task Of_many_that_open_at_once_one_wins()
    {
        var directory = Path.Combine(_root, "store");
        LsmStore.Open(directory).Dispose();
        for (var round = 0; round < 10; round++)
        {
            using var start = new Barrier(8);
            var attempts = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    try
                    {
                        return LsmStore.Open(directory);
                    }
                    catch (StoreLockedException)
                    {
                        return null;
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            var stores = await Task.WhenAll(attempts);
            Assert.Single(stores, static store => store is not null);
            stores.First(static store => store is not null)!.Dispose();
        }
    }
}
