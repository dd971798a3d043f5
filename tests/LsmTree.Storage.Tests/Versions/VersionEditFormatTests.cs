using System.Globalization;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Tests.Blocks;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Versions;

public sealed class VersionEditFormatTests
{
    [Fact]
    public void The_worked_example_of_the_format_page_is_what_is_written()
    {
        var edit = new VersionEdit
        {
            LogNumber = 8,
            NextFileNumber = 300,
            LastSequence = 1000,
            Removed = [new RemovedTable(0, 5)],
            Added = [new AddedTable(6, new TableInfo(9, 4096, "apple"u8.ToArray(), "pear"u8.ToArray(), true, 0, 900, 70, 3, 1, 2000, 0xFF))],
        };
        Assert.Equal(Convert.ToHexString(FormatPage.ReadExample("manifest.md")), Convert.ToHexString(Encode(edit)));
        Assert.Equivalent(edit, Decode(Encode(edit)), strict: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_edit_comes_back_as_it_was(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var edit = RandomEdit(random);
            var decoded = Decode(Encode(edit));
            var place = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, round {round}");
            Assert.True(edit.FormatVersion == decoded.FormatVersion && edit.StoreId == decoded.StoreId, place);
            Assert.True(edit.LogNumber == decoded.LogNumber && edit.NextFileNumber == decoded.NextFileNumber && edit.LastSequence == decoded.LastSequence, place);
            Assert.True(edit.Removed.SequenceEqual(decoded.Removed), place);
            Assert.True(edit.Added.SequenceEqual(decoded.Added), place);
        }
    }

    [Fact]
    public void An_edit_that_is_cut_off_inside_a_field_is_refused()
    {
        var edit = new VersionEdit { Added = [new AddedTable(6, new TableInfo(9, 4096, "apple"u8.ToArray(), "pear"u8.ToArray(), true, 0, 900, 70, 3, 1, 2000, 255))] };
        var bytes = Encode(edit);
        for (var length = 1; length < bytes.Length; length++)
        {
            Assert.False(VersionEditFormat.TryDecode(bytes.AsSpan(0, length), out _, out var problem), $"cut to {length} bytes");
            Assert.Contains("field 7 at byte 0", problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("00", "field 0")]
    [InlineData("09 01", "field 9")]
    [InlineData("08 01", "a table that expires, cut off")]
    [InlineData("06 07 01", "level 7 does not exist")]
    [InlineData("04 FF FF FF FF FF FF FF FF FF 01", "a file number beyond the largest")]
    [InlineData("05 80 80 80 80 80 80 80 80 01", "a sequence number of 57 bits")]
    [InlineData("07 06 09 80 20 46 03 01 D0 0F 00 84 07 FF 01 02 00 00", "a flag of 2")]
    [InlineData("07 06 09 80 20 46 03 01 D0 0F 00 84 07 FF 01 01 FF FF FF FF 0F", "a key of 4 GiB")]
    public void What_no_writer_writes_is_refused(string hex, string why)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.False(VersionEditFormat.TryDecode(bytes, out _, out var problem), why);
        Assert.Contains("unknown, cut off or out of range", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_newer_format_only_the_version_is_read()
    {
        var bytes = new byte[] { 1, (byte)(StoreFormat.Newest + 1), 99, 99, 99 };
        Assert.True(VersionEditFormat.TryDecode(bytes, out var edit, out _));
        Assert.Equal(StoreFormat.Newest + 1, edit.FormatVersion);
    }

    [Fact]
    public void Arbitrary_bytes_never_do_more_than_be_refused()
    {
        const int Seed = 20;
        var random = new Random(Seed);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = round % 2 == 0 ? new byte[random.Next(60)] : Encode(RandomEdit(random));
            if (round % 2 == 0)
            {
                random.NextBytes(bytes);
            }
            else if (bytes.Length > 0)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (VersionEditFormat.TryDecode(bytes, out var edit, out _) && edit.FormatVersion is null or <= StoreFormat.Newest)
            {
                Assert.All(edit.Added, static added => Assert.InRange(added.Level, 0, 6));
                Assert.All(edit.Added, static added => Assert.InRange(added.Info.LargestSequence, 0UL, Trailer.MaxSequence));
            }
        }
    }

    internal static byte[] Encode(VersionEdit edit)
    {
        using var buffer = new ByteBuffer();
        VersionEditFormat.Encode(edit, buffer);
        return buffer.Written.ToArray();
    }

    private static VersionEdit Decode(byte[] bytes)
    {
        Assert.True(VersionEditFormat.TryDecode(bytes, out var edit, out var problem), problem);
        return edit;
    }

    private static VersionEdit RandomEdit(Random random) => new()
    {
        FormatVersion = random.Next(2) == 0 ? null : 1,
        StoreId = random.Next(2) == 0 ? null : (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        LogNumber = random.Next(2) == 0 ? null : (ulong)random.NextInt64(1L << 56),
        NextFileNumber = random.Next(2) == 0 ? null : (ulong)random.NextInt64(1L << 56),
        LastSequence = random.Next(2) == 0 ? null : (ulong)random.NextInt64(1L << 56),
        Removed = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new RemovedTable(random.Next(7), (ulong)random.NextInt64(1 << 20)))],
        Added = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new AddedTable(random.Next(7), RandomTable(random)))],
    };

    private static TableInfo RandomTable(Random random) => new(
        (ulong)random.NextInt64(1L << 40), random.NextInt64(1L << 40), RandomKey(random), RandomKey(random), random.Next(2) == 0,
        (ulong)random.NextInt64(1L << 56), (ulong)random.NextInt64(1L << 56), random.Next(), random.Next(), random.Next(5), random.NextInt64(1L << 45),
        (ulong)random.NextInt64(long.MinValue, long.MaxValue), random.Next(2) == 0 ? null : new ExpirySpan(random.Next(), random.NextInt64(long.MinValue, long.MaxValue), random.NextInt64()));

    private static byte[] RandomKey(Random random)
    {
        var key = new byte[random.Next(40)];
        random.NextBytes(key);
        return key;
    }
}
