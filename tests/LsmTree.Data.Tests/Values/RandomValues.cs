using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Values;

/// <summary>Values of every type from a seed: every second one an edge (least, greatest, zero, near a boundary of the encoding), the others anywhere.</summary>
internal sealed class RandomValues(int seed)
{
    private static readonly string[] s_pieces = ["", "a", "b", "ab", "\0", "\0\0", "a\0", "a\0b", "\u0001", "\u007f", "é", "\ud7ff", "\ue000", "｡", "\uffff", "😀", "z"];
    private static readonly double[] s_doubles =
    [
        0, -0.0, 1, -1, 0.5, 0.1, -0.1, 1.5, 99, 100, 101, 9999, 10000, 1e15, 1e16, 1e22, 1e23, 1e100, 1e308, 1e-5, 1e-100, 1e-308, double.Epsilon, -double.Epsilon,
        double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity, 9007199254740992, 9007199254740994, 9223372036854775808.0, 18446744073709551616.0,
    ];
    private static readonly decimal[] s_decimals =
    [
        0, 0.0m, 1, 1.0m, 1.00m, -1, -1.0m, 0.1m, 0.10m, -0.1m, 0.5m, 1.5m, 1.05m, 10, 99, 99.9m, 100, 100.5m, 101, 9999, 10000, 1e-28m, -1e-28m, 123456789.123456789m,
        decimal.MaxValue, decimal.MinValue, 7922816251426433759354395033.5m, 9223372036854775807m, 9223372036854775808m, 18446744073709551615m, 18446744073709551616m,
    ];

    private readonly Random _random = new(seed);

    public static readonly SqlType[] AllTypes = [.. Enum.GetValues<SqlType>().Where(static type => type is not (SqlType.Null or SqlType.Any))];

    public int Next(int limit) => _random.Next(limit);

    public SqlValue Next() => Next(AllTypes[_random.Next(AllTypes.Length)]);

    public SqlValue Next(SqlType type) => type switch
    {
        SqlType.Any => Next(),
        SqlType.Boolean => SqlValue.FromBoolean(_random.Next(2) == 0),
        SqlType.UInt8 => Integer(type, byte.MinValue, byte.MaxValue),
        SqlType.Int8 => Integer(type, sbyte.MinValue, sbyte.MaxValue),
        SqlType.Int16 => Integer(type, short.MinValue, short.MaxValue),
        SqlType.UInt16 => Integer(type, ushort.MinValue, ushort.MaxValue),
        SqlType.Int32 => Integer(type, int.MinValue, int.MaxValue),
        SqlType.UInt32 => Integer(type, uint.MinValue, uint.MaxValue),
        SqlType.Int64 => Integer(type, long.MinValue, long.MaxValue),
        SqlType.UInt64 => SqlValue.FromInteger(type, _random.Next(2) == 0 ? Bits() : _random.Next(2) == 0 ? -1 : _random.Next(3)),
        SqlType.Real => SqlValue.FromReal(Float()),
        SqlType.Double => SqlValue.FromDouble(Double()),
        SqlType.Decimal => SqlValue.FromDecimal(Decimal()),
        SqlType.Money => SqlValue.FromMoney(NumberConversion.MoneyFromUnits(Integer(SqlType.Int64, long.MinValue, long.MaxValue).AsInt64())),
        SqlType.Date => SqlValue.FromDate(DateOnly.FromDayNumber((int)Between(0, DateOnly.MaxValue.DayNumber))),
        SqlType.Time => SqlValue.FromTime(Between(0, TimeSpan.TicksPerDay - 1)),
        SqlType.Timestamp => SqlValue.FromTimestamp(new DateTime(Between(0, DateTime.MaxValue.Ticks))),
        SqlType.TimestampTz => TimestampTz(),
        SqlType.Uuid => Uuid(),
        SqlType.Text => _random.Next(2) == 0 ? SqlValue.FromText(Text()) : Utf8(Text()),
        SqlType.Blob => SqlValue.FromBlob(Blob()),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public string Text()
    {
        var text = "";
        for (var i = _random.Next(4); i >= 0; i--)
        {
            text += s_pieces[_random.Next(s_pieces.Length)];
        }

        return text;
    }

    public byte[] Blob()
    {
        var bytes = new byte[_random.Next(6)];
        _random.NextBytes(bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            // Zeros, ones and FFs are what escaping is about.
            bytes[i] = _random.Next(4) switch { 0 => 0, 1 => 0xFF, 2 => 1, _ => bytes[i] };
        }

        return bytes;
    }

    public byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    public static SqlValue Utf8(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes("<" + text + ">");
        return SqlValue.FromUtf8(bytes, 1, bytes.Length - 2);
    }

    private SqlValue Integer(SqlType type, long least, long greatest) => SqlValue.FromInteger(type, Between(least, greatest));

    private long Between(long least, long greatest) => _random.Next(6) switch
    {
        0 => least,
        1 => greatest,
        2 => least <= 0 && greatest >= 0 ? Math.Clamp(_random.Next(-300, 300), least, greatest) : least + _random.Next(3),
        _ => greatest - least < 0 ? Bits() : least + (Bits() & long.MaxValue) % (greatest - least + (greatest == long.MaxValue ? 0 : 1)),
    };

    private long Bits() => _random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64);

    private double Double()
    {
        if (_random.Next(2) == 0)
        {
            return s_doubles[_random.Next(s_doubles.Length)];
        }

        var number = BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue));
        return double.IsNaN(number) ? 2.5 : number;
    }

    private float Float()
    {
        var number = _random.Next(2) == 0 ? (float)s_doubles[_random.Next(s_doubles.Length)] : BitConverter.Int32BitsToSingle(_random.Next(int.MinValue, int.MaxValue));
        return float.IsNaN(number) ? -2.5f : number;
    }

    private decimal Decimal() => _random.Next(2) == 0
        ? s_decimals[_random.Next(s_decimals.Length)]
        : new decimal((int)Bits(), (int)Bits(), _random.Next(3) == 0 ? (int)Bits() : 0, _random.Next(2) == 0, (byte)_random.Next(29));

    private SqlValue TimestampTz()
    {
        var offset = _random.Next(3) == 0 ? 0 : _random.Next(-14 * 60, (14 * 60) + 1);
        var margin = 14 * TimeSpan.TicksPerHour;
        var local = _random.Next(3) == 0 ? 638_000_000_000_000_000 + (_random.Next(3) * TimeSpan.TicksPerMinute) : Between(margin, DateTime.MaxValue.Ticks - margin);
        return SqlValue.FromTimestampTz(new DateTimeOffset(local, TimeSpan.FromMinutes(offset)));
    }

    private SqlValue Uuid()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        if (_random.Next(2) == 0)
        {
            // Equal beginnings, so that later bytes decide.
            bytes.AsSpan(0, _random.Next(16)).Fill((byte)(_random.Next(2) * 0x80));
        }

        return SqlValue.FromUuid(new Guid(bytes));
    }
}
