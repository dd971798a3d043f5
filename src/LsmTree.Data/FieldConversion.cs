using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using LsmTree.Data.Schemas;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>What the typed getters give: one table for GetInt32, GetFieldValue and GetFieldValueAsync alike.</summary>
/// <remarks>
/// <code>
/// T                                   from
/// bool                                BOOLEAN
/// byte                                UINT8
/// sbyte short int long, unsigned      every integer type, in range: OverflowException
/// decimal                             integers, DECIMAL, MONEY
/// double                              integers, REAL, DOUBLE, DECIMAL, MONEY
/// float                               integers, REAL, DECIMAL, MONEY
/// Guid                                UUID; a BLOB of 16 bytes, in the order of RFC 9562
/// string, TextReader, char[]          TEXT
/// char                                TEXT of at least one character: the first
/// byte[], ReadOnlyMemory, Stream      BLOB
/// span of bytes                       BLOB, TEXT
/// DateTime                            DATE, TIMESTAMP
/// DateOnly                            DATE; TIMESTAMP at midnight
/// TimeSpan, TimeOnly                  TIME
/// DateTimeOffset                      TIMESTAMPTZ
/// object                              everything, NULL as DBNull
/// DBNull                              NULL
/// T?                                  as T; NULL as null
/// an enum                             every integer type, in range
/// </code>
/// <para>Everything else, and NULL, is an InvalidCastException. Nothing depends on the culture. For a value type the tests of
/// <see cref="To{T}"/> are constants for the JIT, and the casts through object box nothing.</para>
/// </remarks>
internal static class FieldConversion
{
    public static T To<T>(in SqlValue value, ResultColumn column)
    {
        if (typeof(T) == typeof(int))
        {
            return (T)(object)checked((int)Integer(value, column, typeof(T)));
        }

        if (typeof(T) == typeof(long))
        {
            return (T)(object)Integer(value, column, typeof(T));
        }

        if (typeof(T) == typeof(double))
        {
            return (T)(object)Double(value, column);
        }

        if (typeof(T) == typeof(bool))
        {
            return (T)(object)(value.Type == SqlType.Boolean ? value.AsBoolean() : throw Mismatch(value, column, typeof(T)));
        }

        if (typeof(T) == typeof(decimal))
        {
            return (T)(object)Decimal(value, column);
        }

        if (typeof(T) == typeof(Guid))
        {
            return (T)(object)Uuid(value, column);
        }

        if (typeof(T) == typeof(DateTime))
        {
            return (T)(object)Timestamp(value, column);
        }

        if (typeof(T) == typeof(DateTimeOffset))
        {
            return (T)(object)(value.Type == SqlType.TimestampTz ? value.AsTimestampTz() : throw Mismatch(value, column, typeof(T)));
        }

        if (typeof(T) == typeof(ReadOnlyMemory<byte>))
        {
            return (T)(object)(ReadOnlyMemory<byte>)Bytes(value, column).ToArray();
        }

        return typeof(T).IsValueType ? ToOtherValue<T>(value, column) : ToReference<T>(value, column);
    }

    /// <summary>The bytes of a BLOB where they are; valid until the reader moves.</summary>
    public static ReadOnlyMemory<byte> Bytes(in SqlValue value, ResultColumn column) =>
        value.Type == SqlType.Blob ? value.AsMemory() : throw Mismatch(value, column, typeof(byte[]));

    /// <summary>What GetBytes and GetChars do: the length when there is no buffer, otherwise what fits, as far as there is data.</summary>
    public static long CopyTo<TItem>(ReadOnlySpan<TItem> data, long dataOffset, TItem[]? buffer, int bufferOffset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dataOffset);
        if (buffer is null)
        {
            return data.Length;
        }

        ArgumentOutOfRangeException.ThrowIfNegative(bufferOffset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bufferOffset, buffer.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, buffer.Length - bufferOffset);
        if (dataOffset >= data.Length)
        {
            return 0;
        }

        var rest = data[(int)dataOffset..];
        var copied = Math.Min(rest.Length, length);
        rest[..copied].CopyTo(buffer.AsSpan(bufferOffset));
        return copied;
    }

    private static T ToOtherValue<T>(in SqlValue value, ResultColumn column)
    {
        if (Nullable.GetUnderlyingType(typeof(T)) is { } underlying)
        {
            return value.IsNull ? default! : (T)ToBoxed(value, column, underlying);
        }

        return (T)ToBoxed(value, column, typeof(T));
    }

    private static object ToBoxed(in SqlValue value, ResultColumn column, Type type)
    {
        if (type.IsEnum)
        {
            // A byte by itself is a UINT8 only; an enum of bytes was written as any integer type that the column has.
            var underlying = Enum.GetUnderlyingType(type);
            return Enum.ToObject(type, underlying == typeof(byte) ? checked((byte)Integer(value, column, type)) : ToBoxed(value, column, underlying));
        }

        return type switch
        {
            _ when type == typeof(int) => To<int>(value, column),
            _ when type == typeof(long) => To<long>(value, column),
            _ when type == typeof(short) => checked((short)Integer(value, column, type)),
            _ when type == typeof(sbyte) => checked((sbyte)Integer(value, column, type)),
            _ when type == typeof(ushort) => checked((ushort)Integer(value, column, type)),
            _ when type == typeof(uint) => checked((uint)Integer(value, column, type)),
            _ when type == typeof(ulong) => UnsignedInteger(value, column),
            _ when type == typeof(byte) => value.Type == SqlType.UInt8 ? (byte)value.AsInt64() : throw Mismatch(value, column, type),
            _ when type == typeof(bool) => To<bool>(value, column),
            _ when type == typeof(double) => Double(value, column),
            _ when type == typeof(float) => Float(value, column),
            _ when type == typeof(decimal) => Decimal(value, column),
            _ when type == typeof(char) => Char(value, column),
            _ when type == typeof(Guid) => Uuid(value, column),
            _ when type == typeof(DateTime) => Timestamp(value, column),
            _ when type == typeof(DateTimeOffset) => To<DateTimeOffset>(value, column),
            _ when type == typeof(DateOnly) => Date(value, column),
            _ when type == typeof(TimeOnly) => new TimeOnly(TimeTicks(value, column, type)),
            _ when type == typeof(TimeSpan) => new TimeSpan(TimeTicks(value, column, type)),
            _ when type == typeof(ReadOnlyMemory<byte>) => To<ReadOnlyMemory<byte>>(value, column),
            _ when type == typeof(Memory<byte>) => new Memory<byte>(Bytes(value, column).ToArray()),
            _ => throw Mismatch(value, column, type),
        };
    }

    private static T ToReference<T>(in SqlValue value, ResultColumn column)
    {
        // All reference types share this code, and a cast to T asks for it: the type is compared, and then known.
        if (typeof(T) == typeof(byte[]))
        {
            return Known<T>(Blob(value, column));
        }

        if (typeof(T) == typeof(string))
        {
            return Known<T>(Text(value, column));
        }

        var type = typeof(T);
        object result = type switch
        {
            _ when type == typeof(object) => Conversion.ToClr(value),
            _ when type == typeof(Stream) || type == typeof(MemoryStream) => new MemoryStream(Bytes(value, column).ToArray(), writable: false),
            _ when type == typeof(TextReader) || type == typeof(StringReader) => new StringReader(Text(value, column)),
            _ when type == typeof(char[]) => Text(value, column).ToCharArray(),
            _ when type == typeof(DBNull) && value.IsNull => DBNull.Value,
            _ => throw Mismatch(value, column, type),
        };
        return (T)result;
    }

    private static T Known<T>(object result) => Unsafe.As<object, T>(ref result);

    private static byte[] Blob(in SqlValue value, ResultColumn column) =>
        value.Type == SqlType.Blob ? value.AsSpan().ToArray() : throw Mismatch(value, column, typeof(byte[]));

    private static long Integer(in SqlValue value, ResultColumn column, Type wanted) => value.Type switch
    {
        SqlType.Int32 or SqlType.Int64 or SqlType.Int16 or SqlType.Int8 or SqlType.UInt8 or SqlType.UInt16 or SqlType.UInt32 => value.AsInt64(),
        SqlType.UInt64 => checked((long)value.AsUInt64()),
        _ => throw Mismatch(value, column, wanted),
    };

    private static ulong UnsignedInteger(in SqlValue value, ResultColumn column) =>
        value.Type == SqlType.UInt64 ? value.AsUInt64() : checked((ulong)Integer(value, column, typeof(ulong)));

    private static double Double(in SqlValue value, ResultColumn column) => value.Type switch
    {
        SqlType.Double or SqlType.Real => value.AsDouble(),
        SqlType.Decimal or SqlType.Money => (double)value.AsDecimal(),
        SqlType.UInt64 => value.AsUInt64(),
        _ => Integer(value, column, typeof(double)),
    };

    private static float Float(in SqlValue value, ResultColumn column) => value.Type switch
    {
        SqlType.Real => value.AsReal(),
        SqlType.Decimal or SqlType.Money => (float)value.AsDecimal(),
        SqlType.UInt64 => value.AsUInt64(),
        _ => Integer(value, column, typeof(float)),
    };

    private static decimal Decimal(in SqlValue value, ResultColumn column) => value.Type switch
    {
        SqlType.Decimal or SqlType.Money => value.AsDecimal(),
        SqlType.UInt64 => value.AsUInt64(),
        _ => Integer(value, column, typeof(decimal)),
    };

    /// <summary>The text of a TEXT.</summary>
    public static string Text(in SqlValue value, ResultColumn column) =>
        value.Type == SqlType.Text ? value.AsString() : throw Mismatch(value, column, typeof(string));

    /// <summary>The UTF-8 of a TEXT where it is; valid until the reader moves.</summary>
    public static ReadOnlySpan<byte> Utf8(scoped in SqlValue value, ResultColumn column) => value switch
    {
        { IsUtf8: true } => value.AsSpan(),
        { Type: SqlType.Text } => Encoding.UTF8.GetBytes(value.AsString()),
        _ => throw Mismatch(value, column, typeof(ReadOnlySpan<byte>)),
    };

    /// <summary>The bytes of a BLOB, or the UTF-8 of a TEXT, where they are; valid until the reader moves.</summary>
    public static ReadOnlySpan<byte> Span(scoped in SqlValue value, ResultColumn column) => value.Type == SqlType.Blob ? value.AsSpan() : Utf8(value, column);

    private static char Char(in SqlValue value, ResultColumn column) =>
        Text(value, column) is { Length: > 0 } text ? text[0] : throw Mismatch(value, column, typeof(char));

    private static Guid Uuid(in SqlValue value, ResultColumn column) => value.Type switch
    {
        SqlType.Uuid => value.AsUuid(),
        SqlType.Blob when value.AsSpan().Length == 16 => new Guid(value.AsSpan(), bigEndian: true),
        _ => throw Mismatch(value, column, typeof(Guid)),
    };

    private static DateTime Timestamp(in SqlValue value, ResultColumn column) => value.Type switch
    {
        SqlType.Timestamp => value.AsTimestamp(),
        SqlType.Date => value.AsDate().ToDateTime(TimeOnly.MinValue),
        _ => throw Mismatch(value, column, typeof(DateTime)),
    };

    private static DateOnly Date(in SqlValue value, ResultColumn column) => value.Type switch
    {
        SqlType.Date => value.AsDate(),
        SqlType.Timestamp when value.AsTimestamp().TimeOfDay == TimeSpan.Zero => DateOnly.FromDateTime(value.AsTimestamp()),
        _ => throw Mismatch(value, column, typeof(DateOnly)),
    };

    private static long TimeTicks(in SqlValue value, ResultColumn column, Type wanted) =>
        value.Type == SqlType.Time ? value.AsTimeTicks() : throw Mismatch(value, column, wanted);

    private static InvalidCastException Mismatch(in SqlValue value, ResultColumn column, Type wanted) =>
        ReaderErrors.Mismatch(column, value.IsNull ? "NULL" : string.Create(CultureInfo.InvariantCulture, $"a value of type {SqlTypes.NameOf(value.Type)}"), wanted);
}
