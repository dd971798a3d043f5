using System.Text;

namespace LsmTree.Storage.Tests.Views;

public sealed class ValueLeaseTests
{
    private const int Keys = 200;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_leased_value_outlives_overwriting_flush_compaction_and_eviction(bool fromTable)
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, BlockCacheBytes = 64 << 10, MemtableBytes = 64 << 10, TableBytes = 64 << 10 });
        store.Put("leased"u8, Value(7));
        if (fromTable)
        {
            store.Flush();
        }

        Assert.True(store.TryLease("leased"u8, out var lease));
        using (lease)
        {
            Assert.Equal(Value(7), lease.Value);
            store.Delete("leased"u8);
            for (var round = 0; round < 5; round++)
            {
                for (var i = 0; i < Keys; i++)
                {
                    store.Put(Encoding.UTF8.GetBytes($"other{i:D4}"), Value(round));
                }

                store.Compact();
                for (var i = 0; i < Keys; i++)
                {
                    Assert.True(store.Contains(Encoding.UTF8.GetBytes($"other{i:D4}")));
                }

                GC.Collect();
            }

            Assert.False(store.Contains("leased"u8));
            Assert.Equal(Value(7), lease.Value);
        }
    }

    [Fact]
    public void A_lease_may_outlive_the_store()
    {
        var store = LsmStore.OpenInMemory();
        store.Put("k"u8, "value"u8);
        Assert.True(store.TryLease("k"u8, out var lease));
        store.Dispose();
        GC.Collect();
        Assert.Equal("value"u8, lease.Value);
        lease.Dispose();
    }

    [Fact]
    public void Misuse_is_an_error_and_never_garbage()
    {
        using var store = LsmStore.OpenInMemory();
        store.Put("k"u8, "value"u8);
        Assert.False(store.TryLease("absent"u8, out var lease));
        Assert.True(IsRefused(lease));
        lease.Dispose();

        Assert.True(store.TryLease("k"u8, out lease));
        Assert.False(IsRefused(lease));
        lease.Dispose();
        lease.Dispose();
        Assert.True(IsRefused(lease));
        Assert.True(IsRefused(default));
    }

    [Fact]
    public void Leases_know_snapshots_and_empty_values_and_allocate_nothing()
    {
        using var store = LsmStore.OpenInMemory();
        store.Put("k"u8, []);
        using var snapshot = store.CreateSnapshot();
        store.Put("k"u8, "new"u8);
        Assert.True(store.TryLease("k"u8, out var then, snapshot));
        Assert.True(then.Value.IsEmpty);
        then.Dispose();
        Assert.Equal(0, Allocations.Least(() =>
        {
            store.TryLease("k"u8, out var now);
            Assert.True(now.Value.SequenceEqual("new"u8));
            now.Dispose();
        }));
    }

    [Theory]
    [InlineData("rollback to a savepoint")]
    [InlineData("rollback")]
    [InlineData("commit")]
    public void A_lease_of_a_transactions_own_edit_outlives_its_end(string end)
    {
        using var store = LsmStore.OpenInMemory();
        using var transaction = store.BeginTransaction();
        var start = transaction.CreateSavepoint();
        transaction.Put("k"u8, Value(1));
        Assert.True(transaction.TryLease("k"u8, out var lease));
        switch (end)
        {
            case "commit":
                transaction.Commit();
                break;
            case "rollback":
                transaction.Rollback();
                break;
            default:
                transaction.RollbackTo(start);
                transaction.Put("k"u8, Value(2));
                break;
        }

        for (byte other = 3; other < 6; other++)
        {
            using var next = store.BeginTransaction();
            next.Put("k"u8, Value(other));
        }

        Assert.Equal(Value(1), lease.Value);
        lease.Dispose();
    }

    [Fact]
    public void A_transaction_leases_committed_values_too()
    {
        using var store = LsmStore.OpenInMemory();
        store.Put("k"u8, Value(1));
        using var transaction = store.BeginTransaction();
        store.Put("k"u8, Value(2));
        transaction.Delete("gone"u8);
        Assert.True(transaction.TryLease("k"u8, out var lease));
        Assert.Equal(Value(1), lease.Value);
        lease.Dispose();
        Assert.False(transaction.TryLease("gone"u8, out lease));
        Assert.True(IsRefused(lease));
    }

    private static bool IsRefused(ValueLease lease)
    {
        try
        {
            return lease.Value.Length < 0;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private static byte[] Value(int seed)
    {
        var value = new byte[500];
        new Random(seed).NextBytes(value);
        return value;
    }
}
