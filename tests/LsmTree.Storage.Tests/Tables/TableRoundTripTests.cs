using LsmTree.Storage.Blocks;
using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Tests.Tables;

public sealed class TableRoundTripTests
{
    public static TheoryData<int, int, int, Compression> Shapes => new()
    {
        { 1, 64, 1, Compression.None },
        { 2, 256, 4, Compression.None },
        { 3, 256, 4, Compression.Brotli },
        { 4, 4096, 16, Compression.None },
        { 5, 4096, 16, Compression.Brotli },
        { 6, 4096, 256, Compression.Brotli },
        { 7, 65536, 16, Compression.Brotli },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_table_gives_back_every_entry_in_both_directions(int seed, int blockBytes, int restartInterval, Compression compression)
    {
        var entries = EntrySource.Draw(new Random(seed), 1200);
        var bytes = TestTable.Write(entries, new TableSettings(blockBytes, restartInterval, 10, compression));
        using var table = TestTable.Open(bytes);
        foreach (var fillCache in new[] { false, true, true })
        {
            using var cursor = table.CreateCursor(fillCache);
            TestTable.AssertSame(entries, TestTable.ReadAll(cursor));
            var backwards = new List<Entry>();
            for (cursor.SeekToLast(); cursor.IsValid; cursor.Prev())
            {
                backwards.Add(TestTable.Current(cursor));
            }

            backwards.Reverse();
            TestTable.AssertSame(entries, backwards);
        }

        Assert.Empty(TestTable.Verify(table));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Seeks_and_steps_agree_with_a_sorted_list(int seed, int blockBytes, int restartInterval, Compression compression)
    {
        var random = new Random(seed);
        var entries = EntrySource.Draw(random, 1000);
        var bytes = TestTable.Write(entries, new TableSettings(blockBytes, restartInterval, 10, compression));
        using var table = TestTable.Open(bytes, new BlockCache(16 << 10));
        using var cursor = table.CreateCursor(fillCache: seed % 2 == 0);
        var position = -1;
        for (var step = 0; step < 4000; step++)
        {
            var target = random.Next(2) == 0 ? entries[random.Next(entries.Count)].Key : EntrySource.DrawKey(random);
            var trailer = random.Next(3) switch
            {
                0 => ulong.MaxValue,
                1 => 0UL,
                _ => entries[random.Next(entries.Count)].Trailer + (ulong)random.Next(2),
            };
            var story = $"seed {seed}, step {step}, from {position}";
            switch (random.Next(position < 0 ? 4 : 10))
            {
                case 0:
                    cursor.Seek(target, trailer);
                    position = EntrySource.LowerBound(entries, target, trailer);
                    position = position == entries.Count ? -1 : position;
                    break;
                case 1:
                    cursor.SeekBefore(target, trailer);
                    position = EntrySource.LowerBound(entries, target, trailer) - 1;
                    break;
                case 2:
                    cursor.SeekToFirst();
                    position = 0;
                    break;
                case 3:
                    cursor.SeekToLast();
                    position = entries.Count - 1;
                    break;
                case 4 or 5 or 6:
                    cursor.Next();
                    position = position + 1 == entries.Count ? -1 : position + 1;
                    break;
                default:
                    cursor.Prev();
                    position--;
                    break;
            }

            Assert.True(position >= 0 == cursor.IsValid, story);
            if (position >= 0)
            {
                TestTable.AssertSame(entries[position], TestTable.Current(cursor), story);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Lookups_find_the_newest_version_that_is_old_enough(int seed, int blockBytes, int restartInterval, Compression compression)
    {
        var random = new Random(seed);
        var entries = EntrySource.Draw(random, 1500);
        var bytes = TestTable.Write(entries, new TableSettings(blockBytes, restartInterval, 10, compression));
        using var table = TestTable.Open(bytes);
        var counters = default(TableCounters);
        for (var step = 0; step < 4000; step++)
        {
            var near = entries[random.Next(entries.Count)];
            var key = random.Next(4) == 0 ? EntrySource.DrawKey(random) : near.Key;
            var sequence = random.Next(3) == 0 ? Trailer.MaxSequence : (near.Trailer >> 8) + (ulong)random.Next(3) - 1;
            var at = EntrySource.LowerBound(entries, key, Trailer.ForSeek(sequence));
            var expected = at < entries.Count && entries[at].Key.AsSpan().SequenceEqual(key) ? entries[at] : null;
            var outcome = table.TryGet(key, Trailer.ForSeek(sequence), ReadTier.Disk, ref counters, out var trailer, out var value);
            var story = $"seed {seed}, step {step}";
            Assert.True(expected is null ? outcome == LookupOutcome.Absent : outcome == LookupOutcome.Found, story);
            if (expected is not null)
            {
                TestTable.AssertSame(expected, new Entry(key, trailer, value.ToArray()), story);
                Assert.True(table.MayContain(key), story);
            }
        }

        Assert.Equal(4000, counters.FilterProbes);
        Assert.Equal(counters.FilterProbes - counters.FilterRejections, counters.BlockHits + counters.BlockMisses, tolerance: 200);
    }

    [Fact]
    public void Long_keys_and_values_larger_than_a_block_survive()
    {
        var random = new Random(11);
        var longKey = new byte[64 << 10];
        random.NextBytes(longKey);
        var longerKey = (byte[])[.. longKey[..^1], (byte)(longKey[^1] | 1)];
        longKey[^1] &= 0xFE;
        var huge = new byte[1 << 20];
        random.NextBytes(huge);
        List<Entry> entries =
        [
            new([], Trailer.Pack(5, EntryKind.Put), []),
            new([0], Trailer.Pack(4, EntryKind.Put), huge),
            new([0, 0], Trailer.Pack(6, EntryKind.Put), [1]),
            new(longKey, Trailer.Pack(9, EntryKind.Put), [2]),
            new(longKey, Trailer.Pack(8, EntryKind.Put), huge),
            new(longerKey, Trailer.Pack(7, EntryKind.Delete), []),
        ];
        entries.Sort(Entry.Compare);
        foreach (var compression in new[] { Compression.None, Compression.Brotli })
        {
            var bytes = TestTable.Write(entries, new TableSettings(Compression: compression), out var properties);
            using var table = TestTable.Open(bytes);
            using var cursor = table.CreateCursor(fillCache: true);
            TestTable.AssertSame(entries, TestTable.ReadAll(cursor));
            Assert.Empty(TestTable.Verify(table));
            Assert.Equal(2L * huge.Length + 2, properties.RawValueBytes);
        }
    }

    [Fact]
    public void Versions_of_one_key_across_many_blocks_are_found_with_one_block_read_each()
    {
        var entries = Enumerable.Range(0, 2000).Select(i => Entry.Put("same", (ulong)(2000 - i), new string('v', i % 50))).ToList();
        entries.Insert(0, Entry.Put("before", 1));
        entries.Add(Entry.Put("with", 1));
        using var table = TestTable.Open(TestTable.Write(entries, TestTable.SmallBlocks), new BlockCache(0));
        var counters = default(TableCounters);
        foreach (var sequence in new ulong[] { 1, 2, 999, 1000, 1999, 2000, 5000 })
        {
            Assert.Equal(LookupOutcome.Found, table.TryGet(Entry.Text("same"), Trailer.ForSeek(sequence), ReadTier.Disk, ref counters, out var trailer, out _));
            Assert.Equal(Trailer.Pack(Math.Min(sequence, 2000), EntryKind.Put), trailer);
        }

        Assert.Equal(LookupOutcome.Absent, table.TryGet(Entry.Text("same"), Trailer.ForSeek(0), ReadTier.Disk, ref counters, out _, out _));
        Assert.Equal(8, counters.BlockMisses);
        Assert.Equal(0, counters.BlockHits);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    public void A_cursor_can_seek_with_its_own_key(int seed)
    {
        var entries = EntrySource.Draw(new Random(seed), 800);
        using var table = TestTable.Open(TestTable.Write(entries, TestTable.SmallBlocks));
        using var cursor = table.CreateCursor(fillCache: false);
        for (var i = 0; i < entries.Count; i++)
        {
            cursor.Seek(entries[i].Key, entries[i].Trailer);
            cursor.Seek(cursor.Key, 0);
            var next = EntrySource.LowerBound(entries, entries[i].Key, 0);
            Assert.Equal(next < entries.Count, cursor.IsValid);
            if (cursor.IsValid)
            {
                TestTable.AssertSame(entries[next], TestTable.Current(cursor), $"seed {seed}, after {i}");
                cursor.SeekBefore(cursor.Key, ulong.MaxValue);
                var before = EntrySource.LowerBound(entries, entries[next].Key, ulong.MaxValue) - 1;
                TestTable.AssertSame(entries[before], TestTable.Current(cursor), $"seed {seed}, before {next}");
            }
        }
    }

    [Fact]
    public void Properties_say_what_was_added_and_are_read_back()
    {
        List<Entry> entries = [Entry.Put("b", 9, "12345"), Entry.Put("b", 3, "1"), Entry.Delete("cc", 7)];
        var bytes = TestTable.Write(entries, new TableSettings(), out var written, new RangeTombstone([(byte)'a'], [(byte)'b'], 2), new RangeTombstone([(byte)'c'], [(byte)'d'], 20));
        using var table = TestTable.Open(bytes);
        foreach (var properties in new[] { written, table.Properties })
        {
            Assert.Equal(bytes.Length, properties.FileBytes);
            Assert.Equal(3, properties.EntryCount);
            Assert.Equal(1, properties.TombstoneCount);
            Assert.Equal(2, properties.RangeTombstoneCount);
            Assert.Equal("a"u8.ToArray(), properties.SmallestKey);
            Assert.Equal("d"u8.ToArray(), properties.LargestKey);
            Assert.True(properties.LargestIsExclusive);
            Assert.Equal(2UL, properties.SmallestSequence);
            Assert.Equal(20UL, properties.LargestSequence);
            Assert.Equal(4, properties.RawKeyBytes);
            Assert.Equal(6, properties.RawValueBytes);
            Assert.Equal(TableFormat.BaseVersion, properties.FormatVersion);
            Assert.Equal(written.Checksum, properties.Checksum);
        }

        Assert.Equal(20UL, table.RangeTombstones.CoveringSequence("cz"u8, Trailer.MaxSequence));
        Assert.Equal(0UL, table.RangeTombstones.CoveringSequence("b"u8, Trailer.MaxSequence));
        Assert.Empty(TestTable.Verify(table));
    }

    [Theory]
    [InlineData("k", "p", "z", false)]
    [InlineData("k", "z", "z", false)]
    [InlineData("k", "zz", "zz", true)]
    public void The_largest_key_is_exclusive_only_when_no_entry_has_it(string start, string end, string largest, bool isExclusive)
    {
        TestTable.Write([Entry.Put("m", 1), Entry.Put("z", 1)], new TableSettings(), out var properties, new RangeTombstone(Entry.Text(start), Entry.Text(end), 1));
        Assert.Equal(Entry.Text(largest), properties.LargestKey);
        Assert.Equal(isExclusive, properties.LargestIsExclusive);
    }

    [Fact]
    public void A_table_of_range_tombstones_alone_works()
    {
        var bytes = TestTable.Write([], new TableSettings(), out var properties, new RangeTombstone([], [0xFF], 5), new RangeTombstone([1], [1], 900));
        Assert.Equal(1, properties.RangeTombstoneCount);
        Assert.Equal(5UL, properties.LargestSequence);
        using var table = TestTable.Open(bytes);
        var counters = default(TableCounters);
        Assert.Equal(LookupOutcome.Absent, table.TryGet("x"u8, ulong.MaxValue, ReadTier.CacheOnly, ref counters, out _, out _));
        Assert.False(table.MayContain("x"u8));
        using var cursor = table.CreateCursor(fillCache: false);
        cursor.SeekToFirst();
        Assert.False(cursor.IsValid);
        cursor.SeekToLast();
        Assert.False(cursor.IsValid);
        cursor.Seek("a"u8, 0);
        Assert.False(cursor.IsValid);
        cursor.SeekBefore("a"u8, 0);
        Assert.False(cursor.IsValid);
        Assert.Equal(5UL, table.RangeTombstones.CoveringSequence([], 100));
        Assert.Empty(TestTable.Verify(table));
    }

    [Fact]
    public void A_table_without_a_filter_answers_maybe()
    {
        using var table = TestTable.Open(TestTable.Write([Entry.Put("a", 1, "x")], new TableSettings(BloomBitsPerKey: 0)));
        Assert.True(table.MayContain("b"u8));
        var counters = default(TableCounters);
        Assert.Equal(LookupOutcome.Found, table.TryGet("a"u8, ulong.MaxValue, ReadTier.Disk, ref counters, out _, out var value));
        Assert.Equal("x"u8, value);
        Assert.Equal(0, counters.FilterProbes);
    }

    [Fact]
    public void Compressible_values_make_a_smaller_file_and_random_ones_are_stored_as_they_are()
    {
        var entries = Enumerable.Range(0, 500).Select(i => Entry.Put($"key{i:D6}", 1, new string('a', 200))).ToList();
        var plain = TestTable.Write(entries, new TableSettings()).Length;
        Assert.InRange(TestTable.Write(entries, new TableSettings(Compression: Compression.Brotli)).Length, 1, plain / 4);

        var random = new Random(5);
        var noise = Enumerable.Range(0, 500).Select(i => new Entry(Entry.Text($"key{i:D6}"), 257, RandomValue(random))).ToList();
        var noisePlain = TestTable.Write(noise, new TableSettings()).Length;
        Assert.InRange(TestTable.Write(noise, new TableSettings(Compression: Compression.Brotli)).Length, noisePlain * 7 / 8, noisePlain);
    }

    private static byte[] RandomValue(Random random)
    {
        var value = new byte[200];
        random.NextBytes(value);
        return value;
    }
}
