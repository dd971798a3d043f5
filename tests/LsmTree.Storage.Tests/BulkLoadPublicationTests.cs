using System.Text;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Backups;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests;

/// <summary>Between the moment at which the tables of a load are in force and the one at which its number is published lies the making of a log: milliseconds in which others go on.</summary>
public sealed class BulkLoadPublicationTests
{
    [Fact]
    public async Task A_compaction_before_a_load_is_published_takes_nothing_from_those_who_look_then()
    {
        using var isInForce = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        using var compacted = new ManualResetEventSlim();
        var loader = 0;
        var files = new HeldFileSystem(new MemoryFileSystem(), (_, path) =>
        {
            if (Environment.CurrentManagedThreadId == Volatile.Read(ref loader) && path.EndsWith(".log", StringComparison.Ordinal))
            {
                isInForce.Set();
                Background.Await(goOn);
            }
        });
        using var store = LsmStore.OpenOn(files, "/db", null, new LsmStoreOptions { Seed = 1, Events = new CompactionListener(compacted.Set) });
        for (var table = 1; table <= 3; table++)
        {
            StoreContents.Put(store, 0, 20, $"old{table}");
            store.Flush();
        }

        // The fourth table of level 0 makes a compaction due as soon as it is in force.
        using var load = store.BeginBulkLoad();
        for (var i = 0; i < 20; i++)
        {
            load.Add(Encoding.UTF8.GetBytes($"k{i:D4}"), "loaded"u8);
        }

        var loading = Background.Run(() =>
        {
            Volatile.Write(ref loader, Environment.CurrentManagedThreadId);
            load.Complete();
        });
        Background.Await(isInForce);
        compacted.Wait(TimeSpan.FromSeconds(5)); // it may also wait until the load is published: then there is nothing to fear
        using var snapshot = store.CreateSnapshot();
        using var transaction = store.BeginTransaction();
        var first = Read(store, snapshot);
        transaction.Put("k0007"u8, "mine"u8);
        goOn.Set();
        await loading.WaitAsync(Background.Patience);

        var isBefore = snapshot.Sequence < store.LastSequence;
        Assert.Equal(isBefore ? "old3" : "loaded", first);
        store.Compact();
        Assert.Equal(first, Read(store, snapshot));
        Assert.Equal("loaded", Read(store, null));
        if (isBefore)
        {
            Assert.Throws<ConflictException>(() => transaction.Commit());
        }
    }

    private static string? Read(LsmStore store, Snapshot? snapshot) =>
        store.TryGet("k0007"u8, out byte[]? value, snapshot) ? Encoding.UTF8.GetString(value) : null;

    private sealed class CompactionListener(Action completed) : StoreEventListener
    {
        public override void OnCompactionCompleted(CompactionCompleted compaction) => completed();
    }
}
