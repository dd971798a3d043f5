using LsmTree.Storage.Blocks;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Tests.Tables;

namespace LsmTree.Storage.Tests.Blocks;

public sealed class BlockCacheTests
{
    private static readonly int Charge = BlockCache.ChargeFor(Contents().Length);

    [Fact]
    public void A_cached_block_is_found_in_its_slot_until_others_need_the_room()
    {
        var cache = new BlockCache(10 * Charge);
        var slots = new BlockSlots(100);
        for (var i = 0; i < 100; i++)
        {
            Assert.False(slots.TryGet(i, out _));
            var frame = NewBlock(cache);
            cache.Insert(slots, i, frame);
            Assert.True(slots.TryGet(i, out var block));
            Assert.Equal(frame.Address, block.Frame.Address);
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
            cache.Insert(hot, i, NewBlock(cache));
            Assert.True(hot.TryGet(i, out _));
        }

        for (var i = 0; i < scanned.Count; i++)
        {
            cache.Insert(scanned, i, NewBlock(cache));
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
            cache.Insert(slots, i, NewBlock(cache));
            slots.TryGet(i, out _);
        }

        for (var i = 20; i < 105; i++)
        {
            cache.Insert(slots, i, NewBlock(cache));
        }

        var gone = Enumerable.Range(20, 85).First(i => !slots.TryGet(i, out _));
        cache.Insert(slots, gone, NewBlock(cache));
        for (var i = 200; i < 700; i++)
        {
            cache.Insert(slots, i, NewBlock(cache));
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
                cache.Insert(blocks, i, NewBlock(cache));
            }
        }
    }

    [Fact]
    public void A_peek_leaves_no_trace()
    {
        var cache = new BlockCache(100 * Charge);
        var slots = new BlockSlots(300);
        cache.Insert(slots, 0, NewBlock(cache));
        Assert.True(slots.TryPeek(0, out var block));
        Assert.True(block.Frame.Exists);
        for (var i = 1; i < 300; i++)
        {
            cache.Insert(slots, i, NewBlock(cache));
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
            cache.Insert(closed, i, NewBlock(cache));
            cache.Insert(open, i, NewBlock(cache));
        }

        cache.Close(closed);
        cache.Close(closed);
        Assert.Equal(40 * Charge, cache.Bytes);
        Assert.Equal(40, cache.Count);
        cache.Insert(closed, 50, NewBlock(cache));
        Assert.Equal(40 * Charge, cache.Bytes);
        Assert.DoesNotContain(true, Enumerable.Range(0, 60).Select(i => closed.TryGet(i, out _)));
        for (var i = 0; i < 1000; i++)
        {
            var other = new BlockSlots(3);
            cache.Insert(other, i % 3, NewBlock(cache));
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
        Assert.False(none.TryRent(0, out _));
        Assert.Equal(0, none.Bytes);

        var small = new BlockCache(4 * Charge - 1);
        Assert.False(small.TryRent(Contents().Length, out _));
        Assert.True(small.TryRent(Contents().Length / 2, out var frame));
        small.Release(frame);

        // The budget may become smaller while a block is read.
        var shrinking = new BlockCache(8 * Charge);
        var late = NewBlock(shrinking);
        shrinking.Open(new BlockSlots(1, pinnedBytes: 6 * Charge));
        shrinking.Insert(slots, 1, late);
        Assert.False(slots.TryGet(1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockCache(-1));
    }

    [Fact]
    public void A_second_insertion_of_the_same_block_changes_nothing()
    {
        var cache = new BlockCache(100 * Charge);
        var slots = new BlockSlots(1);
        var first = NewBlock(cache);
        cache.Insert(slots, 0, first);
        cache.Insert(slots, 0, NewBlock(cache));
        Assert.True(slots.TryGet(0, out var block));
        Assert.Equal(first.Address, block.Frame.Address);
        Assert.Equal(Charge, cache.Bytes);
    }

    [Fact]
    public void Memory_follows_the_budget_when_tables_take_a_part_of_it_and_when_blocks_change_their_size()
    {
        const long Budget = 32L << 20;
        var cache = new BlockCache(Budget);
        var slots = new BlockSlots(40_000);
        var random = new Random(1);
        Fill(20_000, 4000);
        Assert.InRange(cache.MemoryBytes, Budget, Allowed(Budget));
        Fill(20_000, 1000);
        Assert.InRange(cache.MemoryBytes, Budget / 2, Allowed(Budget));
        Fill(20_000, 9000);
        Assert.InRange(cache.MemoryBytes, Budget / 2, Allowed(Budget));
        cache.Open(new BlockSlots(1, pinnedBytes: Budget / 2));
        Fill(20_000, 9000);
        Assert.InRange(cache.MemoryBytes, Budget / 4, Allowed(Budget / 2));
        Assert.InRange(cache.Bytes, Budget / 4, Budget / 2);

        void Fill(int blocks, int bytes)
        {
            for (var i = 0; i < blocks; i++)
            {
                var ordinal = random.Next(slots.Count);
                if (!slots.TryGet(ordinal, out _))
                {
                    cache.Insert(slots, ordinal, NewBlock(cache, bytes - random.Next(100)));
                }
            }
        }

        // What waits for a grace period, and for the readers of other tests, is on top.
        static long Allowed(long budget) => budget + budget / 16 + 6 * SlabHeap.ArenaBytes;
    }

    [Fact]
    public void A_block_that_was_being_read_while_its_arena_was_given_up_does_not_keep_it()
    {
        const long Budget = 12L << 20;
        var cache = new BlockCache(Budget);
        var slots = new BlockSlots(40_000);
        var late = new List<BlockFrame>();
        for (var i = 0; i < 2500; i++)
        {
            cache.Insert(slots, i, NewBlock(cache, 4000));
            if (i % 100 == 0)
            {
                late.Add(NewBlock(cache, 4000)); // several in each arena
            }
        }

        // Tables take two thirds of the budget: each look at it gives up one arena, until as little memory is left as is allowed.
        cache.Open(new BlockSlots(1, pinnedBytes: Budget * 2 / 3));
        for (var i = 0; i < 10; i++)
        {
            cache.Open(new BlockSlots(1));
        }

        for (var i = 0; i < late.Count; i++)
        {
            cache.Insert(slots, 30_000 + i, late[i]);
        }

        cache.Close(new BlockSlots(1)); // lets go of what has been gathered
        Assert.True(
            SpinWait.SpinUntil(() => cache.MemoryBytes <= Budget / 3 * 17 / 16 + 2 * SlabHeap.ArenaBytes, Background.Patience),
            $"{cache.MemoryBytes} bytes for {cache.Bytes} bytes of blocks");
        Assert.NotEqual(0, Enumerable.Range(30_000, late.Count).Count(i => slots.TryPeek(i, out _)));
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
                cache.Insert(slots, ordinal, NewBlock(cache, random.Next(2000)));
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
                using var reading = ReadSection.Enter();
                var ordinal = random.Next(slots.Count);
                if (!slots.TryGet(ordinal, out var block))
                {
                    cache.Insert(slots, ordinal, NewBlock(cache));
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
                if (slots[i].Address is var address and not 0)
                {
                    bytes += BlockCache.ChargeFor(BlockFrame.At(address).Length);
                    count++;
                }
            }
        }

        Assert.True(bytes == cache.Bytes && count == cache.Count && bytes <= cache.CapacityBytes, $"{story}: {bytes} bytes in {count} slots, {cache.Bytes} in {cache.Count} on the books");
    }

    private static BlockFrame NewBlock(BlockCache cache, int valueBytes = 1000)
    {
        var contents = Contents(valueBytes);
        Assert.True(cache.TryRent(contents.Length, out var frame));
        contents.CopyTo(frame.Stored);
        return frame;
    }

    /// <summary>A block of one entry.</summary>
    private static byte[] Contents(int valueBytes = 1000) => TestBlock.Contents([Entry.Put("k", 1, new string('v', valueBytes))], 16);
}
