using LsmTree.Storage.Blocks;
using LsmTree.Storage.Tests.Tables;

namespace LsmTree.Storage.Tests.Blocks;

public sealed class BlockCursorTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 2, 0)]
    [InlineData(3, 16, 0)]
    [InlineData(4, 16, 77)]
    [InlineData(5, 256, 3)]
    public void Every_seek_and_step_agrees_with_a_sorted_list(int seed, int restartInterval, int before)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20; round++)
        {
            var entries = EntrySource.Draw(random, random.Next(1, 60));
            Assert.True(TestBlock.TryCreate(TestBlock.Contents(entries, restartInterval), before, out var block));
            var cursor = new BlockCursor();
            cursor.Reset(block);
            AssertWalks(entries, cursor);
            for (var i = 0; i < 100; i++)
            {
                var key = random.Next(2) == 0 ? entries[random.Next(entries.Count)].Key : EntrySource.DrawKey(random);
                var trailer = entries[random.Next(entries.Count)].Trailer + (ulong)random.Next(2);
                var story = $"seed {seed}, round {round}, seek {i}";
                var bound = EntrySource.LowerBound(entries, key, trailer);
                var atOrAfter = bound == entries.Count ? -1 : bound;
                Assert.True(cursor.Seek(key, trailer) == atOrAfter >= 0, story);
                AssertAt(entries, atOrAfter, cursor, story);

                Assert.True(cursor.SeekBefore(key, trailer) == bound > 0, story);
                AssertAt(entries, bound - 1, cursor, story);

                var isFound = atOrAfter >= 0 && entries[atOrAfter].Key.AsSpan().SequenceEqual(key);
                var result = BlockSearch.Find(block, key, trailer, out var found, out var value);
                Assert.True(result == (isFound ? BlockSearchResult.Found : BlockSearchResult.Absent), story);
                if (isFound)
                {
                    TestTable.AssertSame(entries[atOrAfter], new Entry(key, found, value.ToArray()), story);
                }
            }
        }
    }

    [Fact]
    public void The_largest_numbers_fit()
    {
        List<Entry> entries =
        [
            new(new byte[70_000], ulong.MaxValue, new byte[20_000]),
            new(new byte[70_000], 1UL << 63, new byte[127]),
            new(new byte[70_000], 1UL << 56, new byte[128]),
            new(new byte[70_000], (1UL << 56) - 1, []),
            new([.. new byte[70_000], 1], 0, [1]),
        ];
        Assert.True(TestBlock.TryCreate(TestBlock.Contents(entries, 16), 0, out var block));
        var cursor = new BlockCursor();
        cursor.Reset(block);
        AssertWalks(entries, cursor);
    }

    [Fact]
    public void A_whole_key_points_into_the_block_and_a_stale_buffer_does_not_leak_into_the_next_key()
    {
        // "bb" shares nothing and stays in the block; "bbc" then needs its first bytes in the buffer, which still holds "aab".
        List<Entry> entries = [Entry.Put("aa", 1), Entry.Put("aab", 1), Entry.Put("bb", 1), Entry.Put("bbc", 1)];
        Assert.True(TestBlock.TryCreate(TestBlock.Contents(entries, 16), 0, out var block));
        var cursor = new BlockCursor();
        cursor.Reset(block);
        AssertWalks(entries, cursor);
    }

    [Fact]
    public void A_step_that_cannot_be_made_leaves_the_cursor_where_it_is_and_Next_says_why()
    {
        List<Entry> entries = [Entry.Put("aa", 1), Entry.Put("ab", 1), Entry.Put("ac", 1)];
        var contents = TestBlock.Contents(entries, 16);
        Assert.True(TestBlock.TryCreate(contents, 0, out var block));
        var cursor = new BlockCursor();
        cursor.Reset(block);
        cursor.SeekToFirst();
        Assert.True(cursor.TryStep());
        Assert.True(cursor.TryStep());
        AssertAt(entries, 2, cursor, "at the last entry");
        Assert.False(cursor.TryStep());
        AssertAt(entries, 2, cursor, "after a step from the last entry");
        Assert.False(cursor.Next());
        Assert.False(cursor.IsDamaged);

        var second = contents.AsSpan().IndexOf([(byte)1, (byte)1]); // shared 1, unshared 1: the header of "ab"
        contents[second] = 9; // more than the key before has
        Assert.True(TestBlock.TryCreate(contents, 0, out block));
        cursor.Reset(block);
        cursor.SeekToFirst();
        Assert.False(cursor.TryStep());
        AssertAt(entries, 0, cursor, "before a damaged entry");
        Assert.False(cursor.Next());
        Assert.True(cursor.IsDamaged);
    }

    private static void AssertWalks(List<Entry> entries, BlockCursor cursor)
    {
        var forwards = new List<Entry>();
        for (var has = cursor.SeekToFirst(); has; has = cursor.Next())
        {
            Assert.Equal(forwards.Count == 0, cursor.IsAtFirst);
            forwards.Add(TestBlock.Current(cursor));
        }

        TestTable.AssertSame(entries, forwards);
        var backwards = new List<Entry>();
        for (var has = cursor.SeekToLast(); has; has = cursor.Prev())
        {
            backwards.Add(TestBlock.Current(cursor));
        }

        backwards.Reverse();
        TestTable.AssertSame(entries, backwards);
    }

    private static void AssertAt(List<Entry> entries, int position, BlockCursor cursor, string story)
    {
        Assert.Equal(position >= 0, cursor.IsValid);
        if (position >= 0)
        {
            TestTable.AssertSame(entries[position], TestBlock.Current(cursor), story);
        }
    }
}
