using LsmTree.Storage.Batches;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Tests.Blocks;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Batches;

public sealed class BatchTests
{
    [Fact]
    public void The_example_of_the_format_page_is_what_is_written()
    {
        var batch = new BatchBuffer();
        batch.Put("a"u8, "xy"u8);
        batch.Delete("b"u8);
        batch.DeleteRange("c"u8, "d"u8);
        batch.PutExpiring("e"u8, "xy"u8, ExpiringValue.ToMilliseconds(ManualClock.Start));
        Assert.Equal(Convert.ToHexString(FormatPage.ReadExample("log.md")), Convert.ToHexString(batch.Written));
        Assert.True(BatchReader.IsWellFormed(batch.Written, 4));
        Assert.EndsWith("000001B8DAC5B4007879", Convert.ToHexString(batch.Written), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("03 01 65 07 00 00 01 B8 DA C5 B4")]
    [InlineData("03 01 65 00")]
    [InlineData("04 01 65 01 00")]
    public void An_entry_that_expires_without_an_expiry_is_refused(string hex) =>
        Assert.False(BatchReader.IsWellFormed(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), 1));

    [Fact]
    public void Whether_anything_expires_is_known_also_after_a_cut()
    {
        var batch = new BatchBuffer();
        batch.Put("a"u8, "1"u8);
        batch.PutExpiring("b"u8, "2"u8, 5);
        batch.Put("c"u8, "3"u8);
        Assert.True(batch.HasExpiringEntries);
        Assert.Equal(3 + 3 + 8, batch.PayloadBytes);
        batch.TruncateTo(2);
        Assert.True(batch.HasExpiringEntries);
        Assert.Equal(2 + 2 + 8, batch.PayloadBytes);
        batch.TruncateTo(1);
        Assert.False(batch.HasExpiringEntries);
        Assert.Equal("0101610131", Convert.ToHexString(batch.Written));
    }

    [Fact]
    public void The_worked_example_of_the_format_is_what_a_batch_writes()
    {
        var batch = new BatchBuffer();
        batch.Put("a"u8, "xy"u8);
        batch.Delete("b"u8);
        Assert.Equal("01016102787900" + "0162", Convert.ToHexString(batch.Written));
    }

    [Fact]
    public void What_was_written_is_read_back_in_order()
    {
        var batch = new BatchBuffer();
        batch.Put(""u8, ""u8);
        batch.Put(new byte[300], new byte[70_000]);
        batch.DeleteRange("a"u8, "b"u8);
        Assert.False(batch.DeleteRange("b"u8, "b"u8));
        Assert.Equal(3, batch.Count);
        var reader = new BatchReader(batch.Written);
        Assert.True(reader.TryRead(out var kind, out var key, out var value));
        Assert.True(kind == EntryKind.Put && key.IsEmpty && value.IsEmpty);
        Assert.True(reader.TryRead(out kind, out key, out value));
        Assert.True(kind == EntryKind.Put && key.Length == 300 && value.Length == 70_000);
        Assert.True(reader.TryRead(out kind, out key, out value));
        Assert.True(kind == EntryKind.RangeDelete && key.SequenceEqual("a"u8) && value.SequenceEqual("b"u8));
        Assert.False(reader.TryRead(out _, out _, out _));
        Assert.True(reader.AtEnd);
        Assert.True(BatchReader.IsWellFormed(batch.Written, 3));
        Assert.False(BatchReader.IsWellFormed(batch.Written, 2));
    }

    [Fact]
    public void Every_truncation_is_recognised()
    {
        var batch = new BatchBuffer();
        batch.Put("key"u8, "value"u8);
        batch.Delete("other"u8);
        for (var length = 0; length < batch.Length; length++)
        {
            Assert.False(BatchReader.IsWellFormed(batch.Written[..length], 2), $"cut to {length}");
        }
    }

    [Fact]
    public void A_key_past_its_limit_is_refused_with_the_limit_in_the_message()
    {
        var batch = new WriteBatch();
        batch.Put(new byte[64 << 10], "v"u8);
        var error = Assert.Throws<ArgumentException>(() => batch.Put(new byte[(64 << 10) + 1], "v"u8));
        Assert.Contains("64 KiB", error.Message);
        Assert.Equal(1, batch.Count);
    }

    [Fact]
    public void Cutting_to_a_count_forgets_the_rest()
    {
        var batch = new BatchBuffer();
        batch.Put("a"u8, "1"u8);
        var length = batch.Length;
        batch.Put("b"u8, "2"u8);
        batch.TruncateTo(1);
        Assert.Equal(length, batch.Length);
        Assert.Equal(1, batch.Count);
        Assert.Equal(2, batch.PayloadBytes);
    }
}
