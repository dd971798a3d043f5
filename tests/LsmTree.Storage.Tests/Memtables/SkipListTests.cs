using LsmTree.Storage.Keys;
using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Tests.Memtables;

public sealed class SkipListTests
{
    [Fact]
    public void Keys_that_differ_only_in_trailing_zeros_are_different_and_ordered_by_length()
    {
        var memtable = new Memtable(seed: 1);
        byte[][] keys = [[], [0], [0, 0], [.. new byte[16]], [.. new byte[17]], [1], [1, 0], [.. Enumerable.Repeat((byte)255, 16)], [.. Enumerable.Repeat((byte)255, 17)]];
        ulong sequence = 1;
        foreach (var key in keys.Reverse())
        {
            memtable.Add(EntryKind.Put, key, [(byte)key.Length], sequence++);
        }

        var cursor = memtable.CreateCursor();
        var seen = new List<byte[]>();
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            seen.Add(cursor.Key.ToArray());
        }

        Assert.Equal(keys, seen);
        foreach (var key in keys)
        {
            Assert.True(memtable.TryGet(key, ulong.MaxValue, out _, out var value));
            Assert.Equal((byte)key.Length, value[0]);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Entries_come_out_in_internal_order_both_ways(int seed)
    {
        var random = new Random(seed);
        var memtable = new Memtable((ulong)seed);
        var model = new List<(byte[] Key, ulong Trailer)>();
        for (ulong sequence = 1; sequence <= 3_000; sequence++)
        {
            var key = new byte[random.Next(24)];
            random.NextBytes(key);
            for (var i = 0; i < key.Length && random.Next(3) != 0; i++)
            {
                key[i] = (byte)random.Next(2);
            }

            var kind = random.Next(4) == 0 ? EntryKind.Delete : EntryKind.Put;
            memtable.Add(kind, key, default, sequence);
            model.Add((key, Trailer.Pack(sequence, kind)));
        }

        model.Sort((a, b) => InternalOrder.Compare(a.Key, a.Trailer, b.Key, b.Trailer));
        var cursor = memtable.CreateCursor();
        var index = 0;
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next(), index++)
        {
            Assert.True(cursor.Key.SequenceEqual(model[index].Key) && cursor.Trailer == model[index].Trailer, $"seed {seed}, entry {index}");
        }

        Assert.Equal(model.Count, index);
        for (cursor.SeekToLast(); cursor.IsValid; cursor.Prev())
        {
            index--;
            Assert.True(cursor.Key.SequenceEqual(model[index].Key) && cursor.Trailer == model[index].Trailer, $"seed {seed}, entry {index} backward");
        }

        Assert.Equal(0, index);
    }

    [Fact]
    public void Readers_beside_a_writer_see_every_published_entry_and_a_sorted_list()
    {
        var memtable = new Memtable(seed: 5);
        var published = 0;
        string? failure = null;
        const int Count = 50_000;
        var order = Enumerable.Range(0, Count).ToArray();
        new Random(5).Shuffle(order);
        var reader = new Thread(() =>
        {
            var random = new Random(6);
            var key = new byte[4];
            while (failure is null && Volatile.Read(ref published) < Count)
            {
                var upTo = Volatile.Read(ref published);
                if (upTo == 0)
                {
                    continue;
                }

                System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(key, order[random.Next(upTo)]);
                if (!memtable.TryGet(key, ulong.MaxValue, out _, out var value) || !value.SequenceEqual(key))
                {
                    failure = $"key {Convert.ToHexString(key)} of the first {upTo} is missing";
                }
            }
        });
        reader.Start();
        var bytes = new byte[4];
        for (var i = 0; i < Count; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, order[i]);
            memtable.Add(EntryKind.Put, bytes, bytes, (ulong)i + 1);
            Volatile.Write(ref published, i + 1);
        }

        reader.Join();
        Assert.Null(failure);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void Counting_in_pieces_gives_what_stepping_gives(int seed)
    {
        var random = new Random(seed);
        var memtable = new Memtable((ulong)seed);
        var entries = new List<(int Key, ulong Sequence, bool Put)>();
        for (ulong sequence = 1; sequence <= 20_000; sequence++)
        {
            // A few keys have hundreds of versions, so that pieces would like to begin in the middle of one.
            var key = random.Next(4) == 0 ? random.Next(10) * 1_000 : random.Next(10_000);
            var put = random.Next(5) != 0;
            memtable.Add(put ? EntryKind.Put : EntryKind.Delete, Key(key), default, sequence);
            entries.Add((key, sequence, put));
        }

        for (var round = 0; round < 30; round++)
        {
            var limit = (ulong)random.Next(1, 20_001);
            var from = random.Next(10_000);
            var to = random.Next(from, 10_001);
            var expected = entries.Where(entry => entry.Key >= from && entry.Key < to && entry.Sequence <= limit)
                .GroupBy(entry => entry.Key)
                .Count(versions => versions.MaxBy(version => version.Sequence).Put);
            var cursor = (SkipListCursor)memtable.CreateCursor();
            cursor.Seek(Key(from), ulong.MaxValue);
            Assert.True(expected == cursor.CountVisible(limit, Key(to), CancellationToken.None), $"seed {seed}, round {round}: [{from}, {to}) as of {limit}");
            Assert.False(cursor.IsValid);
        }

        static byte[] Key(int key)
        {
            var bytes = new byte[4];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, key);
            return bytes;
        }
    }

    [Fact]
    public void A_hit_allocates_nothing()
    {
        var memtable = new Memtable(seed: 9);
        memtable.Add(EntryKind.Put, "key"u8, "value"u8, 1);
        Assert.True(memtable.TryGet("key"u8, ulong.MaxValue, out _, out _));
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                memtable.TryGet("key"u8, ulong.MaxValue, out _, out _);
            }
        }));
    }
}
