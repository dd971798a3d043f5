using System.Data;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Values;

public sealed class ClrConversionTests
{
    private enum Colour : byte
    {
        Red = 200,
    }

    private enum Wide : ulong
    {
        Most = ulong.MaxValue,
    }

    public static TheoryData<object, string, object> Natural => new()
    {
        { true, "BOOLEAN", true },
        { (byte)200, "UINT8", (byte)200 },
        { (sbyte)-5, "INT8", (sbyte)-5 },
        { (short)-5, "SMALLINT", (short)-5 },
        { (ushort)5, "UINT16", (ushort)5 },
        { 5, "INTEGER", 5 },
        { 5u, "UINT32", 5u },
        { -5L, "BIGINT", -5L },
        { ulong.MaxValue, "UINT64", ulong.MaxValue },
        { 1.5f, "REAL", 1.5f },
        { 1.5, "DOUBLE", 1.5 },
        { 1.50m, "DECIMAL", 1.50m },
        { "é", "TEXT", "é" },
        { 'x', "TEXT", "x" },
        { new[] { 'x', 'y' }, "TEXT", "xy" },
        { new byte[] { 1, 2 }, "BLOB", new byte[] { 1, 2 } },
        { new ReadOnlyMemory<byte>([0, 1, 2, 3], 1, 2), "BLOB", new byte[] { 1, 2 } },
        { new Memory<byte>([0, 1, 2, 3], 1, 2), "BLOB", new byte[] { 1, 2 } },
        { new ArraySegment<byte>([0, 1, 2, 3], 1, 2), "BLOB", new byte[] { 1, 2 } },
        { default(ArraySegment<byte>), "BLOB", Array.Empty<byte>() },
        { new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"), "UUID", new Guid("0f8fad5b-d9cb-469f-a165-70867728950e") },
        { new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc), "TIMESTAMP", new DateTime(2024, 2, 29, 1, 2, 3) },
        { new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromMinutes(-90)), "TIMESTAMPTZ", new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromMinutes(-90)) },
        { new DateOnly(2024, 2, 29), "DATE", new DateTime(2024, 2, 29) },
        { new TimeOnly(1, 2, 3), "TIME", new TimeSpan(1, 2, 3) },
        { new TimeSpan(1, 2, 3), "TIME", new TimeSpan(1, 2, 3) },
        { Colour.Red, "UINT8", (byte)200 },
        { Wide.Most, "UINT64", ulong.MaxValue },
        { DayOfWeek.Friday, "INTEGER", 5 },
        { DBNull.Value, "NULL", DBNull.Value },
    };

    [Theory]
    [MemberData(nameof(Natural))]
    public void Every_clr_type_has_one_type_and_comes_back(object given, string type, object back)
    {
        var value = Conversion.FromClr(given);
        Assert.Equal(type, SqlTypes.NameOf(value.Type));
        var clr = Conversion.ToClr(value);
        Assert.Equal(back, clr);
        Assert.IsType(back.GetType(), clr);
        if (!value.IsNull)
        {
            Assert.Equal(SqlTypes.ClrTypeOf(value.Type), clr.GetType());
        }
    }

    [Fact]
    public void The_kind_of_a_timestamp_is_unspecified() =>
        Assert.Equal(DateTimeKind.Unspecified, ((DateTime)Conversion.ToClr(Conversion.FromClr(DateTime.UnixEpoch))).Kind);

    [Fact]
    public void A_memory_is_not_copied_but_what_comes_back_is()
    {
        byte[] bytes = [1, 2, 3];
        var value = Conversion.FromClr(bytes);
        Assert.True(value.AsSpan().Overlaps(bytes));
        Assert.NotSame(bytes, Conversion.ToClr(value));
    }

    [Fact]
    public void A_stream_is_read_to_its_end()
    {
        var bytes = new RandomValues(5).Bytes(200_000);
        Assert.Equal(bytes, Conversion.ToClr(Conversion.FromClr(new MemoryStream(bytes))));
    }

    public static TheoryData<object, DbType, object> Declared => new()
    {
        { new DateTime(2024, 2, 29, 1, 2, 3), DbType.Date, new DateTime(2024, 2, 29) },
        { new DateTime(2024, 2, 29, 1, 2, 3), DbType.Time, new TimeSpan(1, 2, 3) },
        { new DateTime(2024, 2, 29, 1, 2, 3), DbType.DateTime2, new DateTime(2024, 2, 29, 1, 2, 3) },
        { new DateTime(2024, 2, 29, 1, 2, 3), DbType.DateTimeOffset, new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.Zero) },
        { 1.23456m, DbType.Currency, 1.2346m },
        { 5, DbType.Int64, 5L },
        { 5L, DbType.Byte, (byte)5 },
        { true, DbType.Int32, 1 },
        { 5, DbType.String, "5" },
        { "5", DbType.Int32, 5 },
        { "hi", DbType.Binary, "hi"u8.ToArray() },
        { "0f8fad5b-d9cb-469f-a165-70867728950e", DbType.Guid, new Guid("0f8fad5b-d9cb-469f-a165-70867728950e") },
        { "x", DbType.AnsiStringFixedLength, "x" },
        { 5, DbType.Object, 5 },
        { DBNull.Value, DbType.Int32, DBNull.Value },
        { DayOfWeek.Friday, DbType.Int16, (short)5 },
        { 0.1f, DbType.Double, (double)0.1f },
        { 2, DbType.VarNumeric, 2m },
    };

    [Theory]
    [MemberData(nameof(Declared))]
    public void A_declared_type_converts(object given, DbType declared, object back)
    {
        var value = Conversion.FromClr(given, declared);
        Assert.Equal(back, Conversion.ToClr(value));
        Assert.IsType(back.GetType(), Conversion.ToClr(value));
    }

    [Fact]
    public void A_declared_type_that_cannot_hold_the_value_is_an_error()
    {
        Assert.Equal("22003", Assert.Throws<LsmException>(static () => Conversion.FromClr(300, DbType.Byte)).SqlState);
        Assert.Equal("22018", Assert.Throws<LsmException>(static () => Conversion.FromClr("x", DbType.Int32)).SqlState);
        Assert.Equal("42804", Assert.Throws<LsmException>(static () => Conversion.FromClr(5, DbType.Guid)).SqlState);
        Assert.Equal("22003", Assert.Throws<LsmException>(static () => Conversion.FromClr(TimeSpan.FromDays(1))).SqlState);
        Assert.Equal("22003", Assert.Throws<LsmException>(static () => Conversion.FromClr(TimeSpan.FromTicks(-1))).SqlState);
    }

    [Fact]
    public void Null_and_unknown_types_are_misuse()
    {
        Assert.Contains("DBNull.Value", Assert.Throws<InvalidOperationException>(static () => Conversion.FromClr(null)).Message, StringComparison.Ordinal);
        Assert.Contains("System.Version", Assert.Throws<NotSupportedException>(static () => Conversion.FromClr(new Version(1, 0))).Message, StringComparison.Ordinal);
    }
}
