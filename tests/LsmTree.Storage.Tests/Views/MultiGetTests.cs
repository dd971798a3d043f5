using System.Text;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Views;

public sealed class MultiGetTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 3)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Many_keys_at_once_get_the_answers_that_each_would_get(int seed)
    {
        using var layers = new LayeredStore(seed, new LsmStoreOptions { BloomBitsPerKey = seed % 3 == 0 ? 0 : 10 });
        var random = new Random(seed);
        var values = new ValueSet();
        foreach (var (snapshot, entries) in layers.Moments)
        {
            for (var round = 0; round < 20; round++)
            {
                var keys = RandomKeys(random, layers);
                Assert.Equal(keys.Count(key => entries.ContainsKey(key)), layers.Store.MultiGet(AsMemories(keys), values, snapshot));
                Assert.Equal(keys.Length, values.Count);
                for (var i = 0; i < keys.Length; i++)
                {
                    var expected = entries.GetValueOrDefault(keys[i]);
                    Assert.True(
                        values.TryGetValue(i, out var value) == expected is not null && value.SequenceEqual(expected),
                        $"seed {seed}, round {round}, snapshot {snapshot?.Sequence}: wrong answer for {Convert.ToHexString(keys[i])}");
                    Assert.Equal(expected is not null, layers.Store.TryGet(keys[i], out byte[]? single, snapshot));
                    Assert.Equal(expected, single);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_transaction_answers_from_its_own_edits_first(int seed)
    {
        using var layers = new LayeredStore(seed);
        var random = new Random(seed);
        var entries = new SortedDictionary<byte[], byte[]>(layers.Moments[0].Entries, ByteOrder.Instance);
        using var transaction = layers.Store.BeginTransaction();
        for (var edit = 0; edit < 40; edit++)
        {
            var key = layers.RandomKey();
            entries[key] = layers.RandomValue(50);
            transaction.Put(key, entries[key]);
            var gone = layers.RandomKey();
            entries.Remove(gone);
            if (edit % 2 == 0)
            {
                transaction.Delete(gone);
            }
            else
            {
                transaction.DeleteRange(gone, [.. gone, 0x00]);
            }
        }

        layers.Store.Put("\0"u8, "after the transaction began"u8);
        var values = new ValueSet();
        for (var round = 0; round < 20; round++)
        {
            var keys = RandomKeys(random, layers);
            transaction.MultiGet(AsMemories(keys), values);
            for (var i = 0; i < keys.Length; i++)
            {
                var expected = entries.GetValueOrDefault(keys[i]);
                Assert.Equal(expected is not null, values.TryGetValue(i, out var value));
                Assert.True(value.SequenceEqual(expected), $"seed {seed}, round {round}: {Convert.ToHexString(keys[i])}");
            }
        }
    }

    [Fact]
    public void A_serializable_transaction_conflicts_with_a_write_to_a_key_that_it_asked_for()
    {
        using var store = LsmStore.OpenInMemory();
        store.Put("a"u8, "1"u8);
        using var transaction = store.BeginTransaction(TransactionIsolation.Serializable);
        Assert.Equal(1, transaction.MultiGet([Bytes("b"), Bytes("a")], new ValueSet()));
        transaction.Put("c"u8, "x"u8);
        store.Put("b"u8, "theirs"u8);
        Assert.Throws<ConflictException>(() => transaction.Commit());
    }

    [Fact]
    public void Neighbours_share_one_visit_of_their_block()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });
        for (var i = 0; i < 1_000; i++)
        {
            store.Put(Bytes($"key{i:D4}"), new byte[20]);
        }

        store.Flush();
        // 40 bytes an entry: some 100 of them in a block of 4 KiB.
        var keys = Enumerable.Range(0, 500).Select(static i => (ReadOnlyMemory<byte>)Bytes($"key{999 - (2 * i):D4}")).ToArray();
        var before = store.GetStatistics();
        var values = new ValueSet();
        Assert.Equal(500, store.MultiGet(keys, values));
        var after = store.GetStatistics();
        Assert.Equal(500, after.Gets - before.Gets);
        Assert.Equal(500, after.FilterProbes - before.FilterProbes);
        Assert.InRange(after.BlockCacheMisses - before.BlockCacheMisses, 5, 20);
        Assert.Equal(0, after.BlockCacheHits - before.BlockCacheHits);
        Assert.Equal(0, Allocations.Least(() => store.MultiGet(keys, values)));
    }

    [Fact]
    public void All_keys_are_read_in_one_moment()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { MemtableBytes = 64 << 10 });
        using var stop = new CancellationTokenSource();
        var writer = new Thread(() =>
        {
            var batch = new WriteBatch();
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var value = new byte[100];
                BitConverter.TryWriteBytes(value, i);
                batch.Clear();
                batch.Put("left"u8, value);
                batch.Put("right"u8, value);
                store.Write(batch);
            }
        });
        writer.Start();
        try
        {
            var values = new ValueSet();
            ReadOnlyMemory<byte>[] keys = [Bytes("right"), Bytes("left")];
            for (var i = 0; i < 5_000; i++)
            {
                var found = store.MultiGet(keys, values);
                Assert.True(found is 0 or 2, "one of two keys that are written together");
                values.TryGetValue(0, out var right);
                values.TryGetValue(1, out var left);
                Assert.True(right.SequenceEqual(left), "two moments in one answer");
            }
        }
        finally
        {
            stop.Cancel();
            writer.Join();
        }
    }

    [Fact]
    public void A_set_can_be_used_again_for_any_number_of_keys_and_sizes_of_values()
    {
        using var store = LsmStore.OpenInMemory();
        store.Put("large"u8, new byte[3 << 20]);
        store.Put("empty"u8, []);
        store.Put("small"u8, "x"u8);
        var values = new ValueSet();
        Assert.Equal(0, values.Count);
        Assert.Equal(3, store.MultiGet([Bytes("small"), Bytes("large"), Bytes("empty"), Bytes("no")], values));
        Assert.True(values.TryGetValue(1, out var large));
        Assert.Equal(3 << 20, large.Length);
        Assert.True(values.TryGetValue(2, out var empty));
        Assert.True(empty.IsEmpty);
        Assert.False(values.TryGetValue(3, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => values.TryGetValue(4, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => values.TryGetValue(-1, out _));

        Assert.Equal(1, store.MultiGet([Bytes("small")], values));
        Assert.Equal(1, values.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => values.TryGetValue(1, out _));
        Assert.Equal(0, store.MultiGet([], values));
        Assert.Equal(0, values.Count);
        Assert.Equal(3, store.MultiGet([Bytes("small"), Bytes("small"), Bytes("small")], values));
        values.Clear();
        Assert.Equal(0, values.FoundCount);
        Assert.Throws<ArgumentNullException>(() => store.MultiGet([], null!));
    }

    [Fact]
    public void Damage_is_an_error_and_leaves_the_set_empty()
    {
        var files = new MemoryFileSystem();
        var options = new LsmStoreOptions { Background = BackgroundMode.Manual };
        using (var store = LsmStore.OpenOn(files, "/db", null, options))
        {
            for (var i = 0; i < 1_000; i++)
            {
                store.Put(Bytes($"key{i:D4}"), Bytes($"value{i}"));
            }
        }

        var table = files.List("/db").Single(static name => name.EndsWith(".sst", StringComparison.Ordinal));
        var bytes = FileContents.Read(files, $"/db/{table}");
        bytes[10] ^= 1;
        FileContents.Write(files, $"/db/{table}", bytes);
        using var damaged = LsmStore.OpenOn(files, "/db", null, options);
        var values = new ValueSet();
        Assert.Equal(1, damaged.MultiGet([Bytes("key0999")], values));
        var error = Assert.Throws<CorruptionException>(() => damaged.MultiGet([Bytes("key0999"), Bytes("key0000")], values));
        Assert.Equal(0, error.Offset);
        Assert.Equal(0, values.Count);
        Assert.Equal(1, damaged.MultiGet([Bytes("key0999")], values));
        Assert.True(values.TryGetValue(0, out var value));
        Assert.Equal("value999"u8, value);
    }

    private static byte[][] RandomKeys(Random random, LayeredStore layers) => [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => layers.RandomKey())];

    private static ReadOnlyMemory<byte>[] AsMemories(byte[][] keys) => [.. keys.Select(static key => (ReadOnlyMemory<byte>)key)];

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
