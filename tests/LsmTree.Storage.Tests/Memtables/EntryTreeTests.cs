using LsmTree.Storage.Keys;
using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Tests.Memtables;

public sealed class EntryTreeTests
{
    [Fact]
    public void Keys_that_differ_only_in_trailing_zeros_are_different_and_ordered_by_length()
    {
        var memtable = new Memtable();
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
        var memtable = new Memtable();
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

    [Theory]
    [InlineData("ascending")]
    [InlineData("descending")]
    [InlineData("shuffled")]
    [InlineData("two rising runs")]
    public void Whatever_the_order_of_insertion_every_key_is_found_from_both_sides(string kind)
    {
        const int Count = 40_000; // three levels of nodes
        var order = Enumerable.Range(0, Count).ToArray();
        switch (kind)
        {
            case "descending": Array.Reverse(order); break;
            case "shuffled": new Random(77).Shuffle(order); break;
            case "two rising runs": order = [.. Enumerable.Range(0, Count).Select(i => (i / 2) + (i % 2 * Count / 2))]; break;
        }

        var memtable = new Memtable();
        for (var i = 0; i < Count; i++)
        {
            memtable.Add(EntryKind.Put, LongKey(order[i] * 2), default, (ulong)i + 1);
        }

        var cursor = memtable.CreateCursor();
        for (var i = 0; i < Count; i++)
        {
            Assert.True(memtable.TryGet(LongKey(i * 2), ulong.MaxValue, out _, out _));
            Assert.False(memtable.TryGet(LongKey((i * 2) + 1), ulong.MaxValue, out _, out _));
            cursor.Seek(LongKey(Math.Max(0, (i * 2) - 1)), ulong.MaxValue);
            Assert.True(cursor.Key.SequenceEqual(LongKey(i * 2)), $"{kind}, seek to {i}");
            cursor.SeekBefore(LongKey((i * 2) + 1), ulong.MaxValue);
            Assert.True(cursor.Key.SequenceEqual(LongKey(i * 2)), $"{kind}, seek before {i}");
        }

        cursor.Seek(LongKey(Count * 2), ulong.MaxValue);
        Assert.False(cursor.IsValid);
        cursor.SeekBefore(LongKey(0), ulong.MaxValue);
        Assert.False(cursor.IsValid);
    }

    [Fact]
    public void An_empty_tree_has_no_entry_on_any_side()
    {
        var cursor = new Memtable().CreateCursor();
        cursor.SeekToFirst();
        Assert.False(cursor.IsValid);
        cursor.SeekToLast();
        Assert.False(cursor.IsValid);
        cursor.Seek([], ulong.MaxValue);
        Assert.False(cursor.IsValid);
        cursor.SeekBefore([255], 0);
        Assert.False(cursor.IsValid);
    }

    [Theory]
    [InlineData(41, true)]
    [InlineData(42, false)]
    public void A_cursor_that_stands_while_its_leaf_splits_misses_nothing_and_repeats_nothing(int seed, bool forward)
    {
        // Every step of the cursor is followed by insertions around it, so that its leaf is nearly always another one than it was.
        var random = new Random(seed);
        var memtable = new Memtable();
        ulong sequence = 0;
        for (var i = 0; i < 2_000; i++)
        {
            memtable.Add(EntryKind.Put, LongKey(i * 1_000), default, ++sequence);
        }

        var old = Trailer.ForSeek(sequence);
        var cursor = memtable.CreateCursor();
        if (forward)
        {
            cursor.SeekToFirst();
        }
        else
        {
            cursor.SeekToLast();
        }

        var seen = new List<byte[]>();
        while (cursor.IsValid)
        {
            var at = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(cursor.Key[^8..]);
            if (cursor.Trailer <= old)
            {
                seen.Add(cursor.Key.ToArray());
                for (var i = 0; i < 3; i++)
                {
                    memtable.Add(EntryKind.Put, LongKey(Math.Max(0, at + random.Next(-2_500, 2_500))), default, ++sequence);
                }
            }

            if (forward)
            {
                cursor.Next();
            }
            else
            {
                cursor.Prev();
            }
        }

        var expected = Enumerable.Range(0, 2_000).Select(i => LongKey(i * 1_000));
        Assert.Equal(forward ? expected : expected.Reverse(), seen);
    }

    [Theory]
    [InlineData(51)]
    [InlineData(52)]
    public void Scans_beside_a_writer_see_exactly_the_entries_of_their_moment(int seed)
    {
        const int Count = 60_000;
        var order = Enumerable.Range(0, Count).ToArray();
        new Random(seed).Shuffle(order);
        var memtable = new Memtable();
        var published = 0;
        string? failure = null;
        var reader = new Thread(() =>
        {
            var cursor = memtable.CreateCursor();
            for (var round = 0; failure is null && Volatile.Read(ref published) < Count; round++)
            {
                var upTo = Volatile.Read(ref published);
                var limit = Trailer.ForSeek((ulong)upTo);
                var forward = round % 2 == 0;
                var count = 0;
                var last = -1L;
                for (Start(cursor, forward); cursor.IsValid; Step(cursor, forward))
                {
                    var at = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(cursor.Key[^8..]);
                    if (last >= 0 && (forward ? at <= last : at >= last))
                    {
                        failure = $"seed {seed}: {at} came after {last}, forward {forward}";
                        return;
                    }

                    last = at;
                    count += cursor.Trailer <= limit ? 1 : 0;
                }

                if (count != upTo)
                {
                    failure = $"seed {seed}: {count} of {upTo} entries, forward {forward}";
                }
            }
        });
        reader.Start();
        for (var i = 0; i < Count; i++)
        {
            memtable.Add(EntryKind.Put, LongKey(order[i]), default, (ulong)i + 1);
            Volatile.Write(ref published, i + 1);
        }

        reader.Join();
        Assert.Null(failure);

        static void Start(LsmTree.Storage.Cursors.ICursor cursor, bool forward)
        {
            if (forward)
            {
                cursor.SeekToFirst();
            }
            else
            {
                cursor.SeekToLast();
            }
        }

        static void Step(LsmTree.Storage.Cursors.ICursor cursor, bool forward)
        {
            if (forward)
            {
                cursor.Next();
            }
            else
            {
                cursor.Prev();
            }
        }
    }

    [Fact]
    public void Readers_beside_a_writer_see_every_published_entry_and_all_of_them_in_order()
    {
        var memtable = new Memtable();
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
        var memtable = new Memtable();
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
            var cursor = (EntryTreeCursor)memtable.CreateCursor();
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
        var memtable = new Memtable();
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

    /// <summary>A key of 24 bytes whose first 16 are the same for all: the heads do not tell them apart.</summary>
    private static byte[] LongKey(long key)
    {
        var bytes = new byte[24];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), key);
        return bytes;
    }
}
