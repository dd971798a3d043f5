namespace LsmTree.Storage.Tests.Views;

/// <summary>Counting takes shortcuts over memtables and plain blocks: what is deleted must not slip in.</summary>
public sealed class CountingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Counting_leaves_out_what_a_range_delete_covers(bool isFlushed)
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });
        for (var i = 0; i < 100; i++)
        {
            store.Put([(byte)i], "v"u8);
        }

        using var snapshot = store.CreateSnapshot();
        store.DeleteRange([20], [50]);
        if (isFlushed)
        {
            store.Flush();
        }

        Assert.Equal(70, Count(store, null));
        Assert.Equal(100, Count(store, snapshot));
        store.Put([30], "again"u8);
        Assert.Equal(71, Count(store, null));
    }

    private static long Count(LsmStore store, Snapshot? snapshot)
    {
        using var cursor = store.CreateCursor(new CursorOptions { Snapshot = snapshot });
        cursor.SeekToFirst();
        return cursor.CountRemaining();
    }
}
