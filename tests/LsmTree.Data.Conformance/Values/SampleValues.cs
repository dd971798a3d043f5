namespace LsmTree.Data.Conformance.Values;

/// <summary>The values of each type: the type's name in the dialect, and for each kind a literal and the object that GetValue gives for it.</summary>
internal static class SampleValues
{
    private static readonly Guid s_smallGuid = new("33221100-5544-7766-9988-aabbccddeeff");
    private static readonly Guid s_largeGuid = new("ccddeeff-aabb-8899-7766-554433221100");
    private static readonly DateTime s_ones = new(1111, 11, 11, 11, 11, 11, 111);
    private static readonly DateTime s_last = new(9999, 12, 31, 23, 59, 59, 999);

    public static readonly (DbType Type, string Name, (ValueKind Kind, string Literal, object Value)[] Values)[] All =
    [
        (DbType.Binary, "BLOB", [(ValueKind.Empty, "X''", Array.Empty<byte>()), (ValueKind.Zero, "X'00'", new byte[] { 0 }), (ValueKind.One, "X'11'", new byte[] { 0x11 })]),
        (DbType.Boolean, "BOOLEAN", [(ValueKind.Zero, "FALSE", false), (ValueKind.One, "TRUE", true), (ValueKind.Minimum, "FALSE", false), (ValueKind.Maximum, "TRUE", true)]),
        (DbType.Byte, "UINT8", Integers<byte>(0, 1, byte.MinValue, byte.MaxValue)),
        (DbType.SByte, "INT8", Integers<sbyte>(0, 1, sbyte.MinValue, sbyte.MaxValue)),
        (DbType.Int16, "SMALLINT", Integers<short>(0, 1, short.MinValue, short.MaxValue)),
        (DbType.Int32, "INTEGER", Integers(0, 1, int.MinValue, int.MaxValue)),
        (DbType.Int64, "BIGINT", Integers(0, 1, long.MinValue, long.MaxValue)),
        (DbType.UInt16, "UINT16", Integers<ushort>(0, 1, ushort.MinValue, ushort.MaxValue)),
        (DbType.UInt32, "UINT32", Integers<uint>(0, 1, uint.MinValue, uint.MaxValue)),
        (DbType.UInt64, "UINT64", Integers<ulong>(0, 1, ulong.MinValue, ulong.MaxValue)),
        (DbType.Single, "REAL", [(ValueKind.Zero, "0", 0f), (ValueKind.One, "1", 1f), (ValueKind.Minimum, "1.18e-38", 1.18e-38f), (ValueKind.Maximum, "3.40e38", 3.40e38f)]),
        (DbType.Double, "DOUBLE", [(ValueKind.Zero, "0", 0d), (ValueKind.One, "1", 1d), (ValueKind.Minimum, "2.23e-308", 2.23e-308), (ValueKind.Maximum, "1.79e308", 1.79e308)]),
        (DbType.Decimal, "DECIMAL",
        [
            (ValueKind.Zero, "0", 0m),
            (ValueKind.One, "1", 1m),
            (ValueKind.Minimum, "0.000000000000001", 0.000000000000001m),
            (ValueKind.Maximum, "99999999999999999999.999999999999999", decimal.Parse("99999999999999999999.999999999999999", System.Globalization.CultureInfo.InvariantCulture)),
        ]),
        (DbType.Currency, "MONEY",
        [
            (ValueKind.Zero, "0", 0m), (ValueKind.One, "1", 1m), (ValueKind.Minimum, "-922337203685477.5808", -922337203685477.5808m), (ValueKind.Maximum, "922337203685477.5807", 922337203685477.5807m),
        ]),
        (DbType.Guid, "UUID",
        [
            (ValueKind.Zero, "UUID '00000000-0000-0000-0000-000000000000'", Guid.Empty),
            (ValueKind.One, "UUID '11111111-1111-1111-1111-111111111111'", new Guid("11111111-1111-1111-1111-111111111111")),
            (ValueKind.Minimum, $"UUID '{s_smallGuid}'", s_smallGuid),
            (ValueKind.Maximum, $"UUID '{s_largeGuid}'", s_largeGuid),
        ]),
        (DbType.String, "TEXT", [(ValueKind.Empty, "''", ""), (ValueKind.Zero, "'0'", "0"), (ValueKind.One, "'1'", "1")]),
        (DbType.Date, "DATE",
        [
            (ValueKind.One, "DATE '1111-11-11'", s_ones.Date), (ValueKind.Minimum, "DATE '0001-01-01'", DateTime.MinValue), (ValueKind.Maximum, "DATE '9999-12-31'", s_last.Date),
        ]),
        (DbType.DateTime, "TIMESTAMP",
        [
            (ValueKind.One, "TIMESTAMP '1111-11-11 11:11:11.111'", s_ones), (ValueKind.Minimum, "TIMESTAMP '0001-01-01 00:00:00'", DateTime.MinValue), (ValueKind.Maximum, "TIMESTAMP '9999-12-31 23:59:59.999'", s_last),
        ]),
        (DbType.DateTimeOffset, "TIMESTAMPTZ",
        [
            (ValueKind.One, "TIMESTAMPTZ '1111-11-11 11:11:11.111+11:11'", new DateTimeOffset(s_ones, new TimeSpan(11, 11, 0))),
            (ValueKind.Minimum, "TIMESTAMPTZ '0001-01-01 00:00:00+00:00'", DateTimeOffset.MinValue),
            (ValueKind.Maximum, "TIMESTAMPTZ '9999-12-31 23:59:59.999+14:00'", new DateTimeOffset(s_last, TimeSpan.FromHours(14))),
        ]),
        (DbType.Time, "TIME",
        [
            (ValueKind.Zero, "TIME '00:00:00'", TimeSpan.Zero), (ValueKind.One, "TIME '11:11:11.111'", new TimeSpan(0, 11, 11, 11, 111)), (ValueKind.Minimum, "TIME '00:00:00'", TimeSpan.Zero),
            (ValueKind.Maximum, "TIME '23:59:59.999'", new TimeSpan(0, 23, 59, 59, 999)),
        ]),
    ];

    /// <summary>The value; null for the kind Null.</summary>
    public static object? Value(DbType type, ValueKind kind) =>
        kind == ValueKind.Null ? null : All.Single(sample => sample.Type == type).Values.Single(value => value.Kind == kind).Value;

    private static (ValueKind Kind, string Literal, object Value)[] Integers<T>(T zero, T one, T minimum, T maximum) where T : struct, IFormattable =>
    [
        (ValueKind.Zero, "0", zero),
        (ValueKind.One, "1", one),
        (ValueKind.Minimum, minimum.ToString(null, System.Globalization.CultureInfo.InvariantCulture), minimum),
        (ValueKind.Maximum, maximum.ToString(null, System.Globalization.CultureInfo.InvariantCulture), maximum),
    ];
}
