using System.Buffers;
using System.Buffers.Binary;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Memory;

/// <summary>
/// Readers of every kind against a writer whose memtables are flushed, freed and used again as fast as it can, and against the end of the store. Every value
/// repeats its key, so that a reader which looks at memory that was given back meets something else, or nothing.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class ReclaimedMemoryTests
{
    private const int Keys = 2000;
    private const int ValueBytes = 256;
    private const int Writes = 60_000;

    [Theory]
    [InlineData(64 << 10, 1)] // chunks go back to the system
    [InlineData(1 << 20, 2)] // chunks are used again
    public async Task Readers_meet_only_what_was_written(int memtableBytes, int seed)
    {
        var store = LsmStore.OpenInMemory(new LsmStoreOptions { MemtableBytes = memtableBytes, TableBytes = 256 << 10, BlockCacheBytes = 64 << 10, Durability = Durability.Normal });
        for (var key = 0; key < Keys; key++)
        {
            Put(store, key, 0);
        }

        var isEnding = false;
        var walkers = new[]
        {
            Background.Run(() => Repeat(ref isEnding, seed + 10, random => Walk(store, random))),
            Background.Run(() => Repeat(ref isEnding, seed + 20, random => Lease(store, random))),
            Background.Run(() => Repeat(ref isEnding, seed + 30, random => Transact(store, random))),
        };
        var getters = new[]
        {
            Background.Run(() => UntilDisposed(seed + 40, random => GetArray(store, random))),
            Background.Run(() => UntilDisposed(seed + 50, random => GetSpan(store, random))),
            Background.Run(() => UntilDisposed(seed + 60, random => GetMany(store, random))),
        };

        var writes = new Random(seed);
        for (var i = 0; i < Writes; i++)
        {
            Put(store, writes.Next(Keys), i);
        }

        Assert.InRange(store.GetStatistics().Flushes, 5, long.MaxValue);
        Volatile.Write(ref isEnding, true);
        await Task.WhenAll(walkers);
        store.Dispose(); // in the middle of gets
        await Task.WhenAll(getters);
    }

    private static void Walk(LsmStore store, Random random)
    {
        using var cursor = store.CreateCursor(new CursorOptions { FillCache = random.Next(2) == 0 });
        var steps = random.Next(300);
        var expected = random.Next(Keys);
        for (cursor.Seek(Key(expected)); cursor.IsValid && steps > 0; cursor.Next(), steps--)
        {
            Assert.Equal(expected, BinaryPrimitives.ReadInt32BigEndian(cursor.Key));
            CheckValue(expected++, cursor.Value);
        }

        for (cursor.SeekToLast(); cursor.IsValid && steps > -20; cursor.Prev(), steps--)
        {
            CheckValue(BinaryPrimitives.ReadInt32BigEndian(cursor.Key), cursor.Value);
        }
    }

    private static void Lease(LsmStore store, Random random)
    {
        var key = random.Next(Keys);
        Assert.True(store.TryLease(Key(key), out var lease));
        using (lease)
        {
            CheckValue(key, lease.Value);
            Thread.Yield();
            CheckValue(key, lease.Value);
        }
    }

    private static void Transact(LsmStore store, Random random)
    {
        using var transaction = store.BeginTransaction();
        var key = random.Next(Keys);
        transaction.Put(Key(key), Value(key, -1));
        using var cursor = transaction.CreateCursor();
        Assert.True(transaction.TryGet(Key(key), out var own));
        CheckValue(key, own);
        if (random.Next(2) == 0)
        {
            transaction.Rollback();
        }

        Assert.True(cursor.Seek(Key(key)));
        CheckValue(key, cursor.Value);
    }

    private static void GetArray(LsmStore store, Random random)
    {
        var key = random.Next(Keys);
        Assert.True(store.TryGet(Key(key), out var value));
        CheckValue(key, value);
        Assert.False(store.Contains(Key(Keys + key)));
    }

    private static void GetSpan(LsmStore store, Random random)
    {
        var key = random.Next(Keys);
        Span<byte> value = stackalloc byte[ValueBytes];
        Assert.True(store.TryGet(Key(key), value, out var length));
        Assert.Equal(ValueBytes, length);
        CheckValue(key, value);
        var writer = new ArrayBufferWriter<byte>();
        Assert.True(store.TryGet(Key(key), writer));
        CheckValue(key, writer.WrittenSpan);
    }

    private static void GetMany(LsmStore store, Random random)
    {
        var numbers = Enumerable.Range(0, 8).Select(_ => random.Next(Keys)).ToArray();
        var values = new ValueSet();
        Assert.Equal(8, store.MultiGet([.. numbers.Select(number => (ReadOnlyMemory<byte>)Key(number))], values));
        for (var i = 0; i < 8; i++)
        {
            Assert.True(values.TryGetValue(i, out var value));
            CheckValue(numbers[i], value);
        }
    }

    private static void Repeat(ref bool isEnding, int seed, Action<Random> work)
    {
        var random = new Random(seed);
        while (!Volatile.Read(ref isEnding))
        {
            work(random);
        }
    }

    private static void UntilDisposed(int seed, Action<Random> work)
    {
        var random = new Random(seed);
        try
        {
            while (true)
            {
                work(random);
            }
        }
        catch (ObjectDisposedException)
        {
            // The store is over, and said so.
        }
    }

    private static void Put(LsmStore store, int key, int version) => store.Put(Key(key), Value(key, version));

    private static byte[] Key(int number)
    {
        var key = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        return key;
    }

    private static byte[] Value(int key, int version)
    {
        var value = new byte[ValueBytes];
        for (var at = 0; at < ValueBytes; at += 8)
        {
            BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(at), key);
            BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(at + 4), version);
        }

        return value;
    }

    private static void CheckValue(int key, ReadOnlySpan<byte> value)
    {
        Assert.Equal(ValueBytes, value.Length);
        var version = BinaryPrimitives.ReadInt32LittleEndian(value[4..]);
        for (var at = 0; at < ValueBytes; at += 8)
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(value[at..]) != key || BinaryPrimitives.ReadInt32LittleEndian(value[(at + 4)..]) != version)
            {
                Assert.Fail($"The value of key {key} has {BinaryPrimitives.ReadInt32LittleEndian(value[at..])}, {BinaryPrimitives.ReadInt32LittleEndian(value[(at + 4)..])} at {at} and began with version {version}.");
            }
        }
    }
}
