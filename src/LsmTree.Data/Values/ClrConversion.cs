using System.Data;
using System.Runtime.InteropServices;

namespace LsmTree.Data.Values;

/// <summary>Between the values of the dialect and the objects that ADO.NET carries.</summary>
/// <remarks>
/// DateTime goes in as TIMESTAMP with the ticks it has, whatever its kind; an enum as its underlying integer; char and char[] as TEXT; TimeSpan and
/// TimeOnly as TIME; DateOnly as DATE. A declared <see cref="DbType"/> then converts as CAST does.
/// </remarks>
internal static class ClrConversion
{
    private const int MaxStreamLength = 1 << 30; // 1 GiB: what fits an array with room to spare

    private static readonly object s_true = true;
    private static readonly object s_false = false;

    public static SqlValue FromClr(object? value, DbType? declared)
    {
        if (value is null)
        {
            throw new InvalidOperationException("The parameter has no value: use DBNull.Value for NULL.");
        }

        var target = declared is null ? SqlType.Any : SqlTypes.FromDbType(declared.Value);
        if (target == SqlType.TimestampTz && value is DateTime moment)
        {
            return SqlValue.FromTimestampTz(moment.Kind == DateTimeKind.Local ? new DateTimeOffset(moment) : new DateTimeOffset(moment.Ticks, TimeSpan.Zero));
        }

        var natural = FromNatural(value);
        return natural.Type == target ? natural : Conversion.Cast(natural, target);
    }

    public static object ToClr(in SqlValue value) => value.Type switch
    {
        SqlType.Null => DBNull.Value,
        SqlType.Boolean => value.AsBoolean() ? s_true : s_false,
        SqlType.UInt8 => (byte)value.AsInt64(),
        SqlType.Int8 => (sbyte)value.AsInt64(),
        SqlType.Int16 => (short)value.AsInt64(),
        SqlType.UInt16 => (ushort)value.AsInt64(),
        SqlType.Int32 => (int)value.AsInt64(),
        SqlType.UInt32 => (uint)value.AsInt64(),
        SqlType.Int64 => value.AsInt64(),
        SqlType.UInt64 => value.AsUInt64(),
        SqlType.Real => value.AsReal(),
        SqlType.Double => value.AsDouble(),
        SqlType.Decimal or SqlType.Money => value.AsDecimal(),
        SqlType.Date => value.AsDate().ToDateTime(TimeOnly.MinValue),
        SqlType.Time => new TimeSpan(value.AsTimeTicks()),
        SqlType.Timestamp => value.AsTimestamp(),
        SqlType.TimestampTz => value.AsTimestampTz(),
        SqlType.Uuid => value.AsUuid(),
        SqlType.Text => value.AsString(),
        SqlType.Blob => value.AsSpan().ToArray(),
        _ => throw new InvalidOperationException($"No value has the type {SqlTypes.NameOf(value.Type)}."),
    };

    private static SqlValue FromNatural(object value) => value switch
    {
        DBNull => SqlValue.Null,
        string text => SqlValue.FromText(text),
        byte[] bytes => SqlValue.FromBlob(bytes),
        Enum constant => FromEnum(constant),
        int number => SqlValue.FromInt32(number),
        long number => SqlValue.FromInt64(number),
        bool flag => SqlValue.FromBoolean(flag),
        byte number => SqlValue.FromInteger(SqlType.UInt8, number),
        sbyte number => SqlValue.FromInteger(SqlType.Int8, number),
        short number => SqlValue.FromInteger(SqlType.Int16, number),
        ushort number => SqlValue.FromInteger(SqlType.UInt16, number),
        uint number => SqlValue.FromInteger(SqlType.UInt32, number),
        ulong number => SqlValue.FromInteger(SqlType.UInt64, (long)number),
        float number => SqlValue.FromReal(number),
        double number => SqlValue.FromDouble(number),
        decimal number => SqlValue.FromDecimal(number),
        Guid uuid => SqlValue.FromUuid(uuid),
        DateTime moment => SqlValue.FromTimestamp(moment),
        DateTimeOffset instant => SqlValue.FromTimestampTz(instant),
        DateOnly date => SqlValue.FromDate(date),
        TimeOnly time => SqlValue.FromTime(time.Ticks),
        TimeSpan span => FromTimeSpan(span),
        char letter => SqlValue.FromText(letter.ToString()),
        char[] letters => SqlValue.FromText(new string(letters)),
        ReadOnlyMemory<byte> memory => FromMemory(memory),
        Memory<byte> memory => FromMemory(memory),
        ArraySegment<byte> segment => segment.Array is null ? SqlValue.FromBlob([]) : SqlValue.FromBlob(segment.Array, segment.Offset, segment.Count),
        Stream stream => FromStream(stream),
        _ => throw new NotSupportedException($"A parameter cannot carry a {value.GetType()}: no type of the dialect corresponds to it."),
    };

    private static SqlValue FromEnum(Enum constant) => constant.GetTypeCode() switch
    {
        TypeCode.UInt64 => SqlValue.FromInteger(SqlType.UInt64, (long)((IConvertible)constant).ToUInt64(null)),
        var code => SqlValue.FromInteger(SqlTypeOf(code), ((IConvertible)constant).ToInt64(null)),
    };

    private static SqlType SqlTypeOf(TypeCode underlying) => underlying switch
    {
        TypeCode.Byte => SqlType.UInt8,
        TypeCode.SByte => SqlType.Int8,
        TypeCode.Int16 => SqlType.Int16,
        TypeCode.UInt16 => SqlType.UInt16,
        TypeCode.UInt32 => SqlType.UInt32,
        TypeCode.Int64 => SqlType.Int64,
        _ => SqlType.Int32,
    };

    private static SqlValue FromTimeSpan(TimeSpan span) => span.Ticks is >= 0 and < TimeSpan.TicksPerDay
        ? SqlValue.FromTime(span.Ticks)
        : throw new LsmException(LsmErrorCode.OutOfRange, $"{span:c} is out of range for TIME, which is a time of day");

    private static SqlValue FromMemory(ReadOnlyMemory<byte> memory) => MemoryMarshal.TryGetArray(memory, out var segment)
        ? SqlValue.FromBlob(segment.Array!, segment.Offset, segment.Count)
        : SqlValue.FromBlob(memory.ToArray());

    private static SqlValue FromStream(Stream stream)
    {
        using var copy = new MemoryStream();
        var chunk = new byte[64 * 1024];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            if (copy.Length + read > MaxStreamLength)
            {
                throw new LsmException(LsmErrorCode.LimitExceeded, "The stream of a parameter is longer than 1 GiB");
            }

            copy.Write(chunk, 0, read);
        }

        return SqlValue.FromBlob(copy.GetBuffer(), 0, (int)copy.Length);
    }
}
