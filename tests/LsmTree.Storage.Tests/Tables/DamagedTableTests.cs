using LsmTree.Storage.Blocks;
using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Tests.Tables;

public sealed class DamagedTableTests
{
    private static readonly List<Entry> Entries = [.. Enumerable.Range(0, 40).SelectMany(i => new[] { Entry.Put($"key{i:D3}", 9, $"new {i}"), Entry.Delete($"key{i:D3}", 4) })];

    private static readonly RangeTombstone Tombstone = new(Entry.Text("key010"), Entry.Text("key020"), 6);

    [Theory]
    [InlineData(Compression.None, 0x01)]
    [InlineData(Compression.None, 0x80)]
    [InlineData(Compression.Brotli, 0x10)]
    public void Every_flipped_bit_is_reported_and_never_read_as_other_data(Compression compression, byte flip)
    {
        var sound = TestTable.Write(Entries, new TableSettings(BlockBytes: 512, Compression: compression), out _, Tombstone);
        for (var at = 0; at < sound.Length; at++)
        {
            var bytes = (byte[])sound.Clone();
            bytes[at] ^= flip;
            Assert.True(IsReported(bytes), $"byte {at} of {bytes.Length}");
        }
    }

    [Fact]
    public void Every_truncation_and_any_appended_byte_is_refused_on_opening()
    {
        var sound = TestTable.Write(Entries, TestTable.SmallBlocks, out _, Tombstone);
        for (var length = 0; length < sound.Length; length++)
        {
            Assert.Throws<CorruptionException>(() => TestTable.Open(sound[..length]));
        }

        Assert.Throws<CorruptionException>(() => TestTable.Open([.. sound, 0]));
        Assert.Throws<CorruptionException>(() => TestTable.Open([.. sound, .. sound]));
        Assert.Throws<CorruptionException>(() => TestTable.Open(new byte[100_000]));
    }

    [Fact]
    public void A_table_of_another_store_or_number_is_refused_and_named()
    {
        var bytes = TestTable.Write(Entries, TestTable.SmallBlocks);
        var file = new InMemoryFile(bytes);
        var damage = Assert.Throws<CorruptionException>(() => Table.Open(file, TestTable.StoreId, 8, new BlockCache(0)));
        Assert.Equal("table 7 of store 1122334455667788", damage.Found);
        Assert.True(file.IsDisposed);
        Assert.Throws<CorruptionException>(() => Table.Open(new InMemoryFile(bytes), 1, TestTable.FileNumber, new BlockCache(0)));
    }

    [Fact]
    public void A_newer_format_is_not_called_damage()
    {
        var bytes = TestTable.Write(Entries, TestTable.SmallBlocks);
        var at = bytes.Length - TableFooter.Bytes;
        var footer = TableFooter.Read(bytes.AsSpan(at), at, "x", TestTable.StoreId, TestTable.FileNumber);
        (footer with { FormatVersion = TableFormat.NewestVersion + 1 }).Write(bytes.AsSpan(at), at);
        var refusal = Assert.Throws<StoreFormatException>(() => TestTable.Open(bytes));
        Assert.Contains($"format {TableFormat.NewestVersion + 1}", refusal.Message);
        Assert.Contains($"reads 1 to {TableFormat.NewestVersion}", refusal.Message);
    }

    [Fact]
    public void Two_swapped_blocks_of_one_size_are_damage()
    {
        var entries = Enumerable.Range(0, 40).Select(i => Entry.Put($"key{i:D3}", 9, new string('v', 100))).ToList();
        var bytes = TestTable.Write(entries, TestTable.SmallBlocks);
        var parts = Parts(bytes);
        var first = parts.Index.Handle(1);
        var second = parts.Index.Handle(2);
        Assert.Equal(first.Size, second.Size);
        var whole = first.Size + BlockFormat.TrailerBytes;
        var saved = bytes.AsSpan((int)first.Offset, whole).ToArray();
        bytes.AsSpan((int)second.Offset, whole).CopyTo(bytes.AsSpan((int)first.Offset));
        saved.CopyTo(bytes.AsSpan((int)second.Offset));
        using var table = TestTable.Open(bytes);
        using var cursor = table.CreateCursor(fillCache: true);
        var damage = Assert.Throws<CorruptionException>(() => TestTable.ReadAll(cursor));
        Assert.Equal(first.Offset, damage.Offset);
        Assert.Equal("000007.sst", damage.File);
        Assert.False(cursor.IsValid);
        Assert.Equal(3, TestTable.Verify(table).Count);
    }

    [Fact]
    public void A_cursor_works_on_after_damage_elsewhere()
    {
        var bytes = TestTable.Write(Entries, TestTable.SmallBlocks);
        var parts = Parts(bytes);
        bytes[(int)parts.Index.Handle(2).Offset] ^= 1;
        using var table = TestTable.Open(bytes);
        using var cursor = table.CreateCursor(fillCache: false);
        cursor.SeekToFirst();
        TestTable.AssertSame(Entries[0], TestTable.Current(cursor), "first");
        Assert.Throws<CorruptionException>(() =>
        {
            while (cursor.IsValid)
            {
                cursor.Next();
            }
        });
        Assert.False(cursor.IsValid);
        cursor.SeekToLast();
        TestTable.AssertSame(Entries[^1], TestTable.Current(cursor), "last");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Parts_that_lie_under_a_right_checksum_never_crash_or_take_memory(int seed)
    {
        var random = new Random(seed);
        var sound = TestTable.Write(Entries, TestTable.SmallBlocks, out _, Tombstone);
        var footer = Parts(sound).Footer;
        BlockHandle[] parts = [footer.Index, footer.Filter, footer.RangeTombstones, footer.Properties, .. Enumerable.Range(0, 3).Select(Parts(sound).Index.Handle)];
        for (var round = 0; round < 500; round++)
        {
            var bytes = (byte[])sound.Clone();
            var part = parts[random.Next(parts.Length)];
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                var at = (int)part.Offset + (random.Next(2) == 0 ? random.Next(part.Size) : random.Next(Math.Min(part.Size, 12)));
                bytes[at] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
            }

            Sign(bytes, part);
            var before = GC.GetAllocatedBytesForCurrentThread();
            ReadEverything(bytes, $"seed {seed}, round {round}");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Verify_notices_what_checksums_cannot()
    {
        var bytes = TestTable.Write(Entries, TestTable.SmallBlocks);
        var parts = Parts(bytes);
        var block = parts.Index.Handle(1);
        // The first key of a block is whole: change its last letter, so that it sorts before the block before.
        var at = bytes.AsSpan((int)block.Offset, block.Size).IndexOf("key"u8) + (int)block.Offset;
        bytes[at + 3] = (byte)'/';
        Sign(bytes, block);
        using var table = TestTable.Open(bytes);
        var problems = string.Join('\n', TestTable.Verify(table));
        Assert.Contains("does not come after the entry before it", problems);
        Assert.Contains("not above the separator", problems);
        Assert.Contains("the filter denies the key", problems);
        Assert.Contains("the file's bytes hash to", problems);
    }

    [Fact]
    public void Verify_reports_a_file_that_was_cut_after_it_was_opened()
    {
        var file = new InMemoryFile(TestTable.Write(Entries, TestTable.SmallBlocks));
        using var table = TestTable.Open(file);
        file.CutTo(300);
        var problems = TestTable.Verify(table);
        Assert.Contains(problems, p => p.Contains("the end of the file after 300"));
        Assert.True(problems.Count > 3);
    }

    private static TableParts Parts(byte[] bytes)
    {
        var file = new InMemoryFile(bytes);
        return TableParts.Read(file, new BlockReader(file, BlockChecksum.ForFile(TestTable.StoreId, TestTable.FileNumber)), TestTable.StoreId, TestTable.FileNumber);
    }

    /// <summary>Makes the checksum of a block right again.</summary>
    private static void Sign(byte[] bytes, BlockHandle handle)
    {
        var covered = bytes.AsSpan((int)handle.Offset, handle.Size + 1);
        var checksum = BlockChecksum.ForFile(TestTable.StoreId, TestTable.FileNumber).Compute(covered, handle.Offset);
        BitConverter.GetBytes(checksum).CopyTo(bytes, handle.Offset + handle.Size + 1);
    }

    private static bool IsReported(byte[] bytes)
    {
        Table table;
        try
        {
            table = TestTable.Open(bytes);
        }
        catch (CorruptionException)
        {
            return true;
        }

        using (table)
        {
            Assert.Equal(6UL, table.RangeTombstones.CoveringSequence("key010"u8, Trailer.MaxSequence));
            try
            {
                using var cursor = table.CreateCursor(fillCache: true);
                TestTable.AssertSame(Entries, TestTable.ReadAll(cursor));
                var counters = default(TableCounters);
                Assert.Equal(LookupOutcome.Found, table.TryGet(Entries[20].Key, ulong.MaxValue, ReadTier.Disk, ref counters, out _, out var value));
                Assert.Equal(Entries[20].Value, value);
            }
            catch (CorruptionException)
            {
                // Verify has to say it too.
            }

            return TestTable.Verify(table).Count > 0;
        }
    }

    private static void ReadEverything(byte[] bytes, string story)
    {
        try
        {
            using var table = TestTable.Open(bytes);
            var counters = default(TableCounters);
            TestTable.Verify(table);
            for (var i = 0; i < Entries.Count; i += 7)
            {
                Quietly(() => table.TryGet(Entries[i].Key, ulong.MaxValue, ReadTier.Disk, ref counters, out _, out _));
            }

            using var cursor = table.CreateCursor(fillCache: false);
            var limit = bytes.Length;
            Quietly(() =>
            {
                for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
                {
                    Assert.True(limit-- > 0, story);
                }
            });
            limit = bytes.Length;
            Quietly(() =>
            {
                for (cursor.SeekToLast(); cursor.IsValid; cursor.Prev())
                {
                    Assert.True(limit-- > 0, story);
                }
            });
            Quietly(() => cursor.Seek("key015"u8, 0));
            Quietly(() => cursor.SeekBefore("key015"u8, 0));
        }
        catch (CorruptionException)
        {
            // Refused on opening.
        }
    }

    private static void Quietly(Action read)
    {
        try
        {
            read();
        }
        catch (CorruptionException)
        {
            // The one exception that broken bytes may cause.
        }
    }
}
