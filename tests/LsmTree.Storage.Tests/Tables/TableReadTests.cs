using LsmTree.Storage.Blocks;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Tests.Tables;

public sealed class TableReadTests
{
    private static readonly List<Entry> Entries = [.. Enumerable.Range(0, 3000).Select(i => Entry.Put($"key{i:D6}", 100, $"value {i} {new string('x', i % 100)}"))];

    [Fact]
    public void A_lookup_of_a_cached_block_allocates_nothing_and_reads_nothing()
    {
        var file = new InMemoryFile(TestTable.Write(Entries, new TableSettings()));
        using var table = TestTable.Open(file);
        var opened = file.Reads;
        var counters = default(TableCounters);
        LookUpAll(table, ref counters);
        var reads = file.Reads;
        LookUpAll(table, ref counters);
        Assert.Equal(0, Allocations.Least(() => LookUpAll(table, ref counters)));
        Assert.Equal(reads, file.Reads);
        Assert.Equal(reads - opened, counters.BlockMisses);
    }

    [Fact]
    public void A_cached_scan_allocates_nothing_for_its_entries()
    {
        using var table = TestTable.Open(TestTable.Write(Entries, new TableSettings()));
        using var cursor = table.CreateCursor(fillCache: true);
        Assert.Equal(Entries.Count, CountAll(cursor));
        Assert.Equal(Entries.Count, CountAll(cursor));
        Assert.Equal(0, Allocations.Least(() => CountAll(cursor)));
    }

    [Fact]
    public void CacheOnly_never_touches_the_file()
    {
        var file = new InMemoryFile(TestTable.Write(Entries, new TableSettings()));
        using var table = TestTable.Open(file);
        var opened = file.Reads;
        var counters = default(TableCounters);
        Assert.Equal(LookupOutcome.NeedsRead, table.TryGet(Entries[5].Key, ulong.MaxValue, ReadTier.CacheOnly, ref counters, out _, out _));
        Assert.Equal(default, counters);
        Assert.Equal(opened, file.Reads);
        Assert.Equal(LookupOutcome.Found, table.TryGet(Entries[5].Key, ulong.MaxValue, ReadTier.Disk, ref counters, out _, out _));
        Assert.Equal(opened + 1, file.Reads);
        Assert.Equal(LookupOutcome.Found, table.TryGet(Entries[5].Key, ulong.MaxValue, ReadTier.CacheOnly, ref counters, out var trailer, out var value));
        TestTable.AssertSame(Entries[5], new Entry(Entries[5].Key, trailer, value.ToArray()), "entry 5");
        Assert.Equal(LookupOutcome.Absent, table.TryGet("z"u8, ulong.MaxValue, ReadTier.CacheOnly, ref counters, out _, out _));
        Assert.Equal(LookupOutcome.Absent, table.TryGet(Entries[5].Key, Trailer.ForSeek(99), ReadTier.CacheOnly, ref counters, out _, out _));
        Assert.Equal(opened + 1, file.Reads);
        Assert.Equal(1, counters.BlockMisses);
        Assert.Equal(4, counters.FilterProbes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_value_stays_good_in_its_section_or_pinned_after_its_block_is_evicted_and_the_table_closed(bool isPinned)
    {
        var cache = new BlockCache(64 << 10);
        var table = TestTable.Open(TestTable.Write(Entries, new TableSettings()), cache);
        var counters = default(TableCounters);
        var outer = ReadSection.Enter();
        Assert.Equal(LookupOutcome.Found, table.TryGet(Entries[5].Key, ulong.MaxValue, ReadTier.Disk, ref counters, out _, out var value));
        var frame = counters.Frame;
        if (isPinned)
        {
            frame.Pin();
            outer.Dispose();
        }

        for (var round = 0; round < 10; round++)
        {
            LookUpAll(table, ref counters);
        }

        Assert.InRange(cache.Evictions, 100, long.MaxValue);
        table.Dispose();
        cache.Dispose();
        Assert.Equal(0, cache.Bytes);
        Assert.NotEqual(0, cache.MemoryBytes);
        Assert.Equal(Entries[5].Value, value);
        if (isPinned)
        {
            cache.Release(frame);
        }
        else
        {
            outer.Dispose();
        }
    }

    [Fact]
    public void A_scan_that_does_not_fill_the_cache_leaves_it_alone_and_reads_ahead()
    {
        var cache = new BlockCache(1 << 20);
        var file = new InMemoryFile(TestTable.Write(Entries, new TableSettings()));
        using var table = TestTable.Open(file, cache);
        var blocks = file.Length / 4096;
        var opened = file.Reads;
        using (var cursor = table.CreateCursor(fillCache: false))
        {
            Assert.Equal(Entries.Count, CountAll(cursor));
        }

        Assert.Equal(0, cache.Bytes);
        Assert.InRange(file.Reads - opened, 3, 3 + blocks / 10);
        Assert.InRange(cache.Misses, blocks / 2, blocks * 2);
        Assert.Equal(0, cache.Hits);

        var misses = cache.Misses;
        using (var cursor = table.CreateCursor(fillCache: true))
        {
            Assert.Equal(Entries.Count, CountAll(cursor));
            Assert.Equal(Entries.Count, CountAll(cursor));
        }

        Assert.Equal(2 * misses, cache.Misses);
        Assert.Equal(misses, cache.Hits);
        Assert.InRange(cache.Bytes, file.Length * 8 / 10, cache.CapacityBytes);
    }

    [Theory]
    [InlineData(Compression.None)]
    [InlineData(Compression.Brotli)]
    public void A_flipped_bit_in_a_block_that_was_read_ahead_is_damage(Compression compression)
    {
        var sound = TestTable.Write(Entries, new TableSettings(BlockBytes: 512, Compression: compression));
        for (var part = 3; part < 8; part++)
        {
            var bytes = (byte[])sound.Clone();
            bytes[sound.Length * part / 10] ^= 0x10;
            using var table = TestTable.Open(bytes);
            using var cursor = table.CreateCursor(fillCache: false);
            Assert.Throws<CorruptionException>(() => CountAll(cursor));
        }
    }

    [Fact]
    public void Plain_blocks_are_counted_without_being_decoded()
    {
        using var table = TestTable.Open(TestTable.Write(Entries, new TableSettings()));
        using var cursor = table.CreateCursor(fillCache: true);
        Assert.Equal(Entries.Count, CountSkipping(cursor, [], hasUpperBound: false, out var skips));
        Assert.InRange(skips, 20, 200);
        foreach (var bound in new[] { 0, 1, 30, 31, 32, 33, 1000, 2999 })
        {
            Assert.Equal(bound, CountSkipping(cursor, Entries[bound].Key, hasUpperBound: true, out _));
        }

        cursor.SeekToFirst();
        cursor.Next();
        Assert.False(cursor.TrySkipPlainBlock([], hasUpperBound: false, out _));
        Assert.Equal(Entries[1].Key, cursor.Key);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Skipping_never_passes_a_tombstone_or_a_second_version(int seed)
    {
        var entries = EntrySource.Draw(new Random(seed), 3000);
        var distinct = entries.GroupBy(e => Convert.ToHexString(e.Key)).ToDictionary(g => g.Key, g => g.Count());
        using var table = TestTable.Open(TestTable.Write(entries, TestTable.SmallBlocks));
        using var cursor = table.CreateCursor(fillCache: false);
        var position = 0;
        var skipped = 0;
        cursor.SeekToFirst();
        while (cursor.IsValid)
        {
            TestTable.AssertSame(entries[position], TestTable.Current(cursor), $"seed {seed}, entry {position}");
            if (cursor.TrySkipPlainBlock([], hasUpperBound: false, out var count))
            {
                foreach (var passed in entries.GetRange(position, count))
                {
                    Assert.Equal(EntryKind.Put, Trailer.Kind(passed.Trailer));
                    Assert.Equal(1, distinct[Convert.ToHexString(passed.Key)]);
                }

                position += count;
                skipped += count;
            }
            else
            {
                cursor.Next();
                position++;
            }
        }

        Assert.Equal(entries.Count, position);
        Assert.True(skipped > 0, $"seed {seed}");
    }

    [Fact]
    public void A_small_table_opens_with_one_read_and_a_large_one_with_two()
    {
        var small = new InMemoryFile(TestTable.Write(Entries.Take(100), new TableSettings()));
        TestTable.Open(small).Dispose();
        Assert.Equal(1, small.Reads);
        Assert.True(small.IsDisposed);

        var large = new InMemoryFile(TestTable.Write(Enumerable.Range(0, 50_000).Select(i => Entry.Put($"{i:D8}", 1)), new TableSettings(BlockBytes: 256)));
        using var table = TestTable.Open(large);
        Assert.Equal(2, large.Reads);
        var counters = default(TableCounters);
        Assert.Equal(LookupOutcome.Found, table.TryGet("00047777"u8, ulong.MaxValue, ReadTier.Disk, ref counters, out _, out _));
        Assert.Equal(3, large.Reads);
    }

    private static void LookUpAll(Table table, ref TableCounters counters)
    {
        foreach (var entry in Entries)
        {
            using var reading = ReadSection.Enter();
            var outcome = table.TryGet(entry.Key, ulong.MaxValue, ReadTier.Disk, ref counters, out var trailer, out var value);
            if (outcome != LookupOutcome.Found || trailer != entry.Trailer || !value.SequenceEqual(entry.Value))
            {
                Assert.Fail($"{entry} was not found: {outcome}");
            }
        }
    }

    private static int CountAll(TableCursor cursor)
    {
        var count = 0;
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            count++;
        }

        return count;
    }

    private static int CountSkipping(TableCursor cursor, ReadOnlySpan<byte> upperBound, bool hasUpperBound, out int skips)
    {
        var total = 0;
        skips = 0;
        cursor.SeekToFirst();
        while (cursor.IsValid && (!hasUpperBound || cursor.Key.SequenceCompareTo(upperBound) < 0))
        {
            if (cursor.TrySkipPlainBlock(upperBound, hasUpperBound, out var count))
            {
                total += count;
                skips++;
                continue;
            }

            total++;
            cursor.Next();
        }

        return total;
    }
}
