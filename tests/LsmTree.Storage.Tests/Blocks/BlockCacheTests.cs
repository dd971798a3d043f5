using LsmTree.Storage.Blocks;
using LsmTree.Storage.Tests.Tables;

namespace LsmTree.Storage.Tests.Blocks;

public sealed class BlockCacheTests
{
    private static readonly int Charge = NewBlock().Length + BlockCache.BytesPerBlock;

    [Fact]
    public void A_cached_block_is_found_in_its_slot_until_others_need_the_room()
    {
        var cache = new BlockCache(10 * Charge);
        var slots = new BlockSlots(100);
        for (var i = 0; i < 100; i++)
        {
            Assert.False(slots.TryGet(i, out _));
            var array = NewBlock();
            cache.Insert(slots, i, array);
            Assert.True(slots.TryGet(i, out var block));
            Assert.Same(array, block.Array);
            Assert.InRange(cache.Bytes, 1, cache.CapacityBytes);
        }

        Assert.Equal(10 * Charge, cache.Bytes);
        Assert.Equal(10, cache.Count);
        Assert.Equal(90, cache.Evictions);
        Assert.Equal(10, Enumerable.Range(0, 100).Count(i => slots.TryGet(i, out _)));
    }

    [Fact]
    public void What_is_read_again_survives_a_scan_of_many_times_the_capacity()
    {
        var cache = new BlockCache(100 * Charge);
        var hot = new BlockSlots(50);
        var scanned = new BlockSlots(5000);
        for (var i = 0; i < hot.Count; i++)
        {
            cache.Insert(hot, i, NewBlock());
            Assert.True(hot.TryGet(i, out _));
        }

        for (var i = 0; i < scanned.Count; i++)
        {
            cache.Insert(scanned, i, NewBlock());
        }

        Assert.Equal(50, Enumerable.Range(0, hot.Count).Count(i => hot.TryGet(i, out _)));
    }

    [Fact]
    public void A_block_that_comes_back_soon_after_it_left_is_proven()
    {
        var cache = new BlockCache(100 * Charge);
        var slots = new BlockSlots(1000);
        // Twenty blocks fill the main queue a little, so that there is a past to remember.
        for (var i = 0; i < 20; i++)
        {
            cache.Insert(slots, i, NewBlock());
            slots.TryGet(i, out _);
        }

        for (var i = 20; i < 105; i++)
        {
            cache.Insert(slots, i, NewBlock());
        }

        var gone = Enumerable.Range(20, 85).First(i => !slots.TryGet(i, out _));
        cache.Insert(slots, gone, NewBlock());
        for (var i = 200; i < 700; i++)
        {
            cache.Insert(slots, i, NewBlock());
        }

        Assert.True(slots.TryGet(gone, out _));
    }

    [Fact]
    public void Blocks_get_what_open_tables_leave_and_at_least_a_quarter()
    {
        var cache = new BlockCache(100 * Charge);
        var blocks = new BlockSlots(300);
        Fill(0);
        Assert.Equal(100 * Charge, cache.Bytes);

        var first = new BlockSlots(1, pinnedBytes: 60 * Charge);
        cache.Open(first);
        Assert.Equal(60 * Charge, cache.PinnedBytes);
        Assert.Equal(40 * Charge, cache.Bytes);
        Fill(100);
        Assert.Equal(40 * Charge, cache.Bytes);

        var second = new BlockSlots(1, pinnedBytes: 1000 * Charge);
        cache.Open(second);
        Assert.Equal(25 * Charge, cache.Bytes);
        cache.Close(second);
        cache.Close(second);
        cache.Close(first);
        Assert.Equal(0, cache.PinnedBytes);
        Fill(200);
        Assert.Equal(100 * Charge, cache.Bytes);

        void Fill(int from)
        {
            for (var i = from; i < from + 100; i++)
            {
                cache.Insert(blocks, i, NewBlock());
            }
        }
    }

    [Fact]
    public void A_peek_leaves_no_trace()
    {
        var cache = new BlockCache(100 * Charge);
        var slots = new BlockSlots(300);
        cache.Insert(slots, 0, NewBlock());
        Assert.True(slots.TryPeek(0, out var block));
        Assert.NotNull(block.Array);
        for (var i = 1; i < 300; i++)
        {
            cache.Insert(slots, i, NewBlock());
        }

        // A block that somebody met would have been moved to the main queue, and be here.
        Assert.False(slots.TryPeek(0, out _));
    }

    [Fact]
    public void Closing_a_table_frees_its_blocks_and_refuses_more()
    {
        var cache = new BlockCache(100 * Charge);
        var closed = new BlockSlots(60);
        var open = new BlockSlots(60);
        for (var i = 0; i < 40; i++)
        {
            cache.Insert(closed, i, NewBlock());
            cache.Insert(open, i, NewBlock());
        }

        cache.Close(closed);
        cache.Close(closed);
        Assert.Equal(40 * Charge, cache.Bytes);
        Assert.Equal(40, cache.Count);
        cache.Insert(closed, 50, NewBlock());
        Assert.Equal(40 * Charge, cache.Bytes);
        Assert.DoesNotContain(true, Enumerable.Range(0, 60).Select(i => closed.TryGet(i, out _)));
        for (var i = 0; i < 1000; i++)
        {
            var other = new BlockSlots(3);
            cache.Insert(other, i % 3, NewBlock());
            if (i % 2 == 0)
            {
                cache.Close(other);
            }

            Assert.InRange(cache.Bytes, 1, cache.CapacityBytes);
        }
    }

    [Fact]
    public void Nothing_is_cached_without_capacity_and_nothing_huge()
    {
        var none = new BlockCache(0);
        var slots = new BlockSlots(2);
        none.Insert(slots, 0, NewBlock());
        Assert.False(slots.TryGet(0, out _));
        Assert.Equal(0, none.Bytes);

        var small = new BlockCache(4 * Charge - 1);
        small.Insert(slots, 1, NewBlock());
        Assert.False(slots.TryGet(1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockCache(-1));
    }

    [Fact]
    public void A_second_insertion_of_the_same_block_changes_nothing()
    {
        var cache = new BlockCache(100 * Charge);
        var slots = new BlockSlots(1);
        var first = NewBlock();
        cache.Insert(slots, 0, first);
        cache.Insert(slots, 0, NewBlock());
        Assert.True(slots.TryGet(0, out var block));
        Assert.Same(first, block.Array);
        Assert.Equal(Charge, cache.Bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_budget_and_the_books_hold_through_random_use(int seed)
    {
        var random = new Random(seed);
        var cache = new BlockCache(30 * Charge);
        var tables = new List<BlockSlots>();
        for (var step = 0; step < 20_000; step++)
        {
            if (tables.Count < 3 || random.Next(200) == 0)
            {
                tables.Add(new BlockSlots(random.Next(1, 40)));
            }
            else if (random.Next(200) == 0)
            {
                var at = random.Next(tables.Count);
                cache.Close(tables[at]);
                tables.RemoveAt(at);
            }

            var slots = tables[random.Next(tables.Count)];
            var ordinal = (int)(slots.Count * random.NextDouble() * random.NextDouble());
            if (!slots.TryGet(ordinal, out _))
            {
                cache.Insert(slots, ordinal, NewBlock(random.Next(2000)));
            }

            if (step % 100 == 0)
            {
                AssertBooks(cache, tables, $"seed {seed}, step {step}");
            }
        }
    }

    [Fact]
    public void Readers_and_writers_at_once_see_whole_blocks_only()
    {
        var cache = new BlockCache(20 * Charge);
        var slots = new BlockSlots(64);
        var threads = Enumerable.Range(0, 3).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 20_000; i++)
            {
                var ordinal = random.Next(slots.Count);
                if (!slots.TryGet(ordinal, out var block))
                {
                    cache.Insert(slots, ordinal, NewBlock());
                }
                else if (BlockSearch.Find(block, "k"u8, ulong.MaxValue, out _, out _) != BlockSearchResult.Found)
                {
                    throw new InvalidOperationException("a block was seen before its bytes");
                }
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        AssertBooks(cache, [slots], "after all threads");
    }

    private static void AssertBooks(BlockCache cache, List<BlockSlots> tables, string story)
    {
        var bytes = 0L;
        var count = 0;
        foreach (var slots in tables)
        {
            for (var i = 0; i < slots.Count; i++)
            {
                if (slots[i].Array is { } array)
                {
                    bytes += array.Length + BlockCache.BytesPerBlock;
                    count++;
                }
            }
        }

        Assert.True(bytes == cache.Bytes && count == cache.Count && bytes <= cache.CapacityBytes, $"{story}: {bytes} bytes in {count} slots, {cache.Bytes} in {cache.Count} on the books");
    }

    /// <summary>A block of one entry in the shape that a reader gives.</summary>
    private static byte[] NewBlock(int valueBytes = 1000) =>
        [.. TestBlock.Contents([Entry.Put("k", 1, new string('v', valueBytes))], 16), .. new byte[BlockFormat.TrailerBytes]];
}
