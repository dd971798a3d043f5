namespace LsmTree.Storage.Tests.Batches;

/// <summary>The engine's limits, at each and one past it, through every door. Past it: an <see cref="ArgumentException"/> that states the limit, and nothing is written.</summary>
public sealed class LimitTests
{
    private const int MaxKey = 64 << 10;
    private const int MaxValue = 512 << 20;

    [Fact]
    public void A_key_of_64_KiB_is_legal_everywhere_and_one_more_byte_nowhere()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });
        var longest = new byte[MaxKey];
        var tooLong = new byte[MaxKey + 1];
        store.Put(longest, "1"u8);
        store.Flush();
        Assert.True(store.TryGet(longest, out byte[]? value));
        Assert.Equal("1"u8, value);
        Assert.False(store.Contains(tooLong)); // asking is no misuse: nobody can have written it
        store.DeleteRange([], longest);
        Assert.True(store.TryInsert(longest.AsSpan(..^1), "2"u8));
        store.Delete(longest);

        var before = store.LastSequence;
        using var transaction = store.BeginTransaction();
        var batch = new WriteBatch();
        using var load = store.BeginBulkLoad();
        Action[] doors =
        [
            () => store.Put(tooLong, []),
            () => store.Put(tooLong, [], DateTimeOffset.MaxValue),
            () => store.TryInsert(tooLong, []),
            () => store.Delete(tooLong),
            () => store.DeleteRange([], tooLong),
            () => store.DeleteRange(tooLong, []),
            () => batch.Put(tooLong, []),
            () => batch.Delete(tooLong),
            () => batch.DeleteRange(tooLong, longest),
            () => transaction.Put(tooLong, []),
            () => transaction.Delete(tooLong),
            () => transaction.DeleteRange([], tooLong),
            () => load.Add(tooLong, []),
        ];
        Assert.All(doors, static door => Assert.Contains("64 KiB", Assert.ThrowsAny<ArgumentException>(door).Message, StringComparison.Ordinal));
        Assert.Equal(before, store.LastSequence);
        Assert.Equal(0, batch.Count);
    }

    [Fact]
    public void The_empty_key_and_the_empty_value_are_legal()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });
        store.Put([], []);
        foreach (var _ in new[] { "memtable", "table" })
        {
            Assert.True(store.TryGet([], out byte[]? value));
            Assert.Empty(value);
            using var cursor = store.CreateCursor();
            cursor.SeekToFirst();
            Assert.True(cursor.IsValid && cursor.Key.IsEmpty && cursor.Value.IsEmpty);
            store.Flush();
        }

        store.Delete([]);
        Assert.False(store.Contains([]));
    }

    [Fact]
    public void A_value_of_512_MiB_and_a_batch_of_1_GiB_are_the_most()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, Durability = Durability.Off });
        var value = new byte[MaxValue + 1];
        value[0] = 1;
        value[MaxValue - 1] = 2;
        using var transaction = store.BeginTransaction();
        using var load = store.BeginBulkLoad();
        var batch = new WriteBatch();
        Action[] doors =
        [
            () => store.Put("k"u8, value),
            () => store.Put("k"u8, value, DateTimeOffset.MaxValue),
            () => store.TryInsert("k"u8, value),
            () => batch.Put("k"u8, value),
            () => transaction.Put("k"u8, value),
            () => load.Add("k"u8, value),
        ];
        Assert.All(doors, static door => Assert.Contains("512 MiB", Assert.ThrowsAny<ArgumentException>(door).Message, StringComparison.Ordinal));
        Assert.Equal((0, 0L), (batch.Count, store.LastSequence));

        batch.Put("k"u8, value.AsSpan(..MaxValue));
        var error = Assert.Throws<ArgumentException>(() => batch.Put("l"u8, value.AsSpan(..MaxValue)));
        Assert.Contains("1 GiB", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, batch.Count);
        store.Write(batch);
        Assert.True(store.TryLease("k"u8, out var lease));
        Assert.Equal(MaxValue, lease.Value.Length);
        Assert.Equal((1, 2), (lease.Value[0], lease.Value[^1]));
        lease.Dispose();
    }
}
