using System.Buffers.Binary;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Tests.Tables;

namespace LsmTree.Storage.Tests.Blocks;

/// <summary>Contents that no builder writes, as if their checksum were right: decoding ends, says so, and takes no memory to speak of.</summary>
public sealed class HostileBlockTests
{
    private const long MemoryLimit = 1 << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Mutated_contents_never_throw_and_never_run_on(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 400; round++)
        {
            var contents = TestBlock.Contents(EntrySource.Draw(random, random.Next(1, 20)), random.Next(1, 20));
            for (var flips = random.Next(1, 6); flips > 0; flips--)
            {
                // Mostly where the structure is: entry headers at the front, restarts at the back.
                var at = random.Next(3) switch
                {
                    0 => random.Next(contents.Length),
                    1 => random.Next(Math.Min(contents.Length, 24)),
                    _ => contents.Length - 1 - random.Next(Math.Min(contents.Length, 12)),
                };
                contents[at] = (byte)(random.Next(2) == 0 ? random.Next(256) : 0xFF);
            }

            Walk(contents, random, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Random_contents_never_throw_and_never_run_on()
    {
        var random = new Random(99);
        for (var round = 0; round < 2000; round++)
        {
            var contents = new byte[random.Next(200)];
            random.NextBytes(contents);
            if (contents.Length >= 8)
            {
                // A credible restart array, so that the entries are reached.
                BinaryPrimitives.WriteInt32LittleEndian(contents.AsSpan(^4..), 1);
                BinaryPrimitives.WriteInt32LittleEndian(contents.AsSpan(^8..), 0);
            }

            Walk(contents, random, $"round {round}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("00 00 00 00")]
    [InlineData("00 00 00 00 01 00 00 00")] // no entry
    [InlineData("00 00 00 01 00 00 00 00")] // no restart
    [InlineData("00 00 00 01 00 00 00 00 FF FF FF FF")] // a count that overflows
    [InlineData("00 00 00 01 00 00 00 00 02 00 00 00")] // two restarts, room for one
    [InlineData("00 00 00 01 01 00 00 00 01 00 00 00")] // does not begin at 0
    [InlineData("00 00 00 01 00 00 00 00 04 00 00 00 02 00 00 00")] // beyond the entries
    [InlineData("00 00 00 01 00 00 00 00 00 00 00 00 02 00 00 00")] // not ascending
    [InlineData("00 00 00 01 00 00 00 00 00 00 00 80 02 00 00 00")] // negative
    public void A_restart_array_that_does_not_fit_is_refused(string contents) =>
        Assert.False(TestBlock.TryCreate(BlockFormatTests.Bytes(contents), 0, out _));

    [Theory]
    [InlineData("01 01 00 01 61")] // shares with nothing
    [InlineData("00 05 00 01 61")] // suffix beyond the entries
    [InlineData("00 01 7F 01 61")] // value beyond the entries
    [InlineData("00 FF FF FF FF 0F 00 01 61")] // 4 GiB of suffix
    [InlineData("00 01 FF FF FF FF 0F 01 61")] // 4 GiB of value
    [InlineData("FF FF FF FF 0F 01 00 01 61")] // 4 GiB shared
    [InlineData("80 80 80 80 80 01 01 00 01 61")] // six bytes of a 32-bit varint
    [InlineData("00 01 00 FF FF FF FF FF FF FF FF FF 02 61")] // 65 bits of trailer
    [InlineData("00 00 00 80")] // cut
    public void An_entry_that_does_not_fit_is_damage(string entry)
    {
        var contents = BlockFormatTests.Bytes(entry + "00 00 00 00  01 00 00 00");
        Assert.True(TestBlock.TryCreate(contents, 0, out var block));
        var cursor = new BlockCursor();
        cursor.Reset(block);
        Assert.False(cursor.SeekToFirst());
        Assert.True(cursor.IsDamaged);
        cursor.Reset(block);
        Assert.False(cursor.SeekToLast());
        Assert.True(cursor.IsDamaged);
        Assert.Equal(BlockSearchResult.Damaged, BlockSearch.Find(block, "a"u8, 0, out _, out _));
    }

    [Fact]
    public void An_interval_without_end_is_damage_and_not_a_long_walk_for_each_step_back()
    {
        // 100,000 entries behind one restart: walking back through them one by one would cost 5,000,000,000 steps.
        var entries = new byte[400_000];
        for (var i = 0; i < entries.Length; i += 4)
        {
            entries[i + 3] = 1;
        }

        byte[] contents = [.. entries, 0, 0, 0, 0, 1, 0, 0, 0];
        Assert.True(TestBlock.TryCreate(contents, 0, out var block));
        var cursor = new BlockCursor();
        cursor.Reset(block);
        Assert.False(cursor.SeekToLast());
        Assert.True(cursor.IsDamaged);
    }

    private static void Walk(byte[] contents, Random random, string story)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        if (!TestBlock.TryCreate(contents, 0, out var block))
        {
            return;
        }

        var cursor = new BlockCursor();
        var limit = contents.Length + 1;
        cursor.Reset(block);
        for (var has = cursor.SeekToFirst(); has; has = cursor.Next())
        {
            Assert.True(limit-- > 0, story);
            Assert.True(cursor.Key.Length <= contents.Length && cursor.Value.Length <= contents.Length, story);
        }

        limit = contents.Length + 1;
        cursor.Reset(block);
        for (var has = cursor.SeekToLast(); has; has = cursor.Prev())
        {
            Assert.True(limit-- > 0, story);
        }

        var key = EntrySource.DrawKey(random);
        cursor.Reset(block);
        cursor.Seek(key, 0);
        cursor.Reset(block);
        cursor.SeekBefore(key, ulong.MaxValue);
        BlockSearch.Find(block, key, ulong.MaxValue, out _, out _);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MemoryLimit, story);
    }
}
