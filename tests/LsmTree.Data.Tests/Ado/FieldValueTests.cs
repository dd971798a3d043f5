namespace LsmTree.Data.Tests.Ado;

/// <summary>What the page's table of readings says beside the matrix of the conformance tests.</summary>
public sealed class FieldValueTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open();

    private enum Size : short
    {
        Small = 1,
        Large = 2,
    }

    [Fact]
    public void A_BLOB_of_16_bytes_is_a_Guid_in_the_order_of_its_text()
    {
        using var reader = _connection.Command("SELECT X'00112233445566778899aabbccddeeff', X'0011', '00112233-4455-6677-8899-aabbccddeeff'").ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), reader.GetGuid(0));
        Assert.Throws<InvalidCastException>(() => reader.GetGuid(1));
        Assert.Throws<InvalidCastException>(() => reader.GetGuid(2));
    }

    [Fact]
    public void An_integer_is_an_enum_of_any_size_in_range()
    {
        using var reader = _connection.Command("SELECT 2, CAST(1 AS BIGINT), 100000, 'Large', NULL").ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(Size.Large, reader.GetFieldValue<Size>(0));
        Assert.Equal(Size.Small, reader.GetFieldValue<Size>(1));
        Assert.Throws<OverflowException>(() => reader.GetFieldValue<Size>(2));
        Assert.Throws<InvalidCastException>(() => reader.GetFieldValue<Size>(3));
        Assert.Null(reader.GetFieldValue<Size?>(4));
        Assert.Throws<InvalidCastException>(() => reader.GetFieldValue<Size>(4));
    }

    public void Dispose() => _connection.Dispose();
}
