namespace LsmTree.Data.Tests.Ado;

/// <summary>An enum is written as the integer that it is, and read back from any integer column, whatever it is an enum of.</summary>
public sealed class EnumTests
{
    private enum OfBytes : byte
    {
        None,
        Last = byte.MaxValue,
    }

    private enum OfInts
    {
        None,
        Last = int.MaxValue,
    }

    [Theory]
    [InlineData("INTEGER")]
    [InlineData("SMALLINT")]
    [InlineData("BIGINT")]
    [InlineData("UINT8")]
    [InlineData("UINT64")]
    [InlineData("ANY")]
    public void An_enum_of_bytes_comes_back_from_every_integer_column(string type)
    {
        using var connection = Memory.Open();
        connection.Execute($"CREATE TABLE t (k INTEGER PRIMARY KEY, e {type}, n {type})");
        connection.Execute("INSERT INTO t VALUES (1, @e, NULL)", ("e", OfBytes.Last));
        using var command = connection.Command("SELECT e, n FROM t");
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(OfBytes.Last, reader.GetFieldValue<OfBytes>(0));
        Assert.Equal(OfBytes.Last, reader.GetFieldValue<OfBytes?>(0));
        Assert.Null(reader.GetFieldValue<OfBytes?>(1));
        Assert.Throws<InvalidCastException>(() => reader.GetFieldValue<OfBytes>(1));
    }

    [Fact]
    public void A_number_that_the_enum_cannot_be_is_refused()
    {
        using var connection = Memory.Open();
        using var command = connection.Command("SELECT 256, -1, @e, 'text', 1.5");
        command.Parameters.AddWithValue("e", OfInts.Last);
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Throws<OverflowException>(() => reader.GetFieldValue<OfBytes>(0));
        Assert.Throws<OverflowException>(() => reader.GetFieldValue<OfBytes>(1));
        Assert.Equal(OfInts.Last, reader.GetFieldValue<OfInts>(2));
        Assert.Throws<InvalidCastException>(() => reader.GetFieldValue<OfBytes>(3));
        Assert.Throws<InvalidCastException>(() => reader.GetFieldValue<OfBytes>(4));
    }
}
