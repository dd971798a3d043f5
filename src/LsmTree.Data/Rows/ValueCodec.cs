using System.Buffers.Binary;
using System.Diagnostics;
using LsmTree.Data.Values;

namespace LsmTree.Data.Rows;

/// <summary>Values where order does not matter: in the row. Compact, and any bytes are safe to read: what is no value is false.</summary>
/// <remarks>
/// <code>
/// BOOLEAN, UINT8, INT8      one byte
/// other integers            varint; signed varint for the signed
/// REAL, DOUBLE              IEEE 754, little-endian, 4 or 8 bytes
/// DECIMAL                   80 when negative plus the scale; n; n bytes of coefficient, little-endian, the last not 0
/// MONEY                     signed varint of ten-thousandths
/// UUID                      sixteen bytes as written in its text
/// DATE                      varint of days since 0001-01-01
/// TIME                      varint of ticks since midnight
/// TIMESTAMP                 ticks since 0001-01-01, little-endian, 8 bytes
/// TIMESTAMPTZ               the same in UTC, then the offset in minutes as signed varint
/// TEXT, BLOB                varint of the length, then the bytes (UTF-8); without the length when nothing follows
/// ANY                       the number of the type, one byte, then as that type
/// </code>
/// </remarks>
/// <example>DECIMAL -1.50 is <c>82 01 96</c>; TIMESTAMPTZ 0001-01-01 00:00+00 is <c>00 00 00 00 00 00 00 00 00</c>; TEXT 'hi' is <c>02 68 69</c>, last <c>68 69</c>.</example>
internal static class ValueCodec
{
    private const byte NegativeDecimal = 0x80;
    private const int MaxScale = 28;
    private const int MaxCoefficientLength = 12; // bytes: 96 bits

    public static void Write(ref ByteAppender destination, in SqlValue value, SqlType columnType, bool isLast)
    {
        Debug.Assert(columnType == value.Type || columnType == SqlType.Any, "The value was converted to the column's type.");
        if (columnType == SqlType.Any)
        {
            destination.Append((byte)value.Type);
        }

        switch (value.Type)
        {
            case SqlType.Boolean or SqlType.UInt8 or SqlType.Int8:
                destination.Append((byte)value.AsInt64());
                break;
            case SqlType.UInt16 or SqlType.UInt32 or SqlType.UInt64 or SqlType.Date or SqlType.Time:
                Varint.Write(ref destination, value.AsUInt64());
                break;
            case SqlType.Int16 or SqlType.Int32 or SqlType.Int64:
                Varint.WriteSigned(ref destination, value.AsInt64());
                break;
            case SqlType.Real:
                BinaryPrimitives.WriteSingleLittleEndian(destination.Extend(sizeof(float)), value.AsReal());
                break;
            case SqlType.Double:
                BinaryPrimitives.WriteDoubleLittleEndian(destination.Extend(sizeof(double)), value.AsDouble());
                break;
            case SqlType.Decimal:
                WriteDecimal(ref destination, value.AsDecimal());
                break;
            case SqlType.Money:
                Varint.WriteSigned(ref destination, NumberConversion.UnitsOfMoney(value.AsDecimal()));
                break;
            case SqlType.Uuid:
                value.AsUuid().TryWriteBytes(destination.Extend(16), bigEndian: true, out _);
                break;
            case SqlType.Timestamp:
                BinaryPrimitives.WriteInt64LittleEndian(destination.Extend(sizeof(long)), value.AsInt64());
                break;
            case SqlType.TimestampTz:
                BinaryPrimitives.WriteInt64LittleEndian(destination.Extend(sizeof(long)), value.AsUtcTicks());
                Varint.WriteSigned(ref destination, value.AsOffsetMinutes());
                break;
            case SqlType.Text or SqlType.Blob:
                WriteBytes(ref destination, value, isLast);
                break;
            default:
                throw new UnreachableException($"No value has the type {value.Type}.");
        }
    }

    /// <summary>Writes a TEXT or BLOB, with its length unless it is the last.</summary>
    public static void WriteBytes(ref ByteAppender destination, in SqlValue value, bool isLast)
    {
        using var bytes = new Utf8Bytes(value, stackalloc byte[Utf8Bytes.ScratchLength]);
        if (!bytes.IsWellFormed)
        {
            throw new LsmException(LsmErrorCode.InvalidConversion, "TEXT with an unpaired surrogate has no UTF-8");
        }

        if (!isLast)
        {
            Varint.Write(ref destination, (ulong)bytes.Span.Length);
        }

        destination.Append(bytes.Span);
    }

    /// <summary>Reads a value. TEXT and BLOB are slices of the buffer.</summary>
    /// <param name="buffer">The buffer that holds the row.</param>
    /// <param name="position">Where the value begins; moved behind it.</param>
    /// <param name="end">Where the row ends.</param>
    /// <param name="type">The type of the column.</param>
    /// <param name="isLast">Whether a TEXT or BLOB goes to the end of the row.</param>
    /// <param name="value">The value.</param>
    public static bool TryRead(byte[] buffer, ref int position, int end, SqlType type, bool isLast, out SqlValue value)
    {
        value = default;
        if (type == SqlType.Any)
        {
            if (position >= end || buffer[position] is (byte)SqlType.Null or >= (byte)SqlType.Any)
            {
                return false;
            }

            type = (SqlType)buffer[position++];
        }

        switch (type)
        {
            case SqlType.Boolean or SqlType.UInt8 or SqlType.Int8:
                if (position >= end)
                {
                    return false;
                }

                var single = buffer[position++];
                value = type == SqlType.Boolean ? SqlValue.FromBoolean(single == 1) : SqlValue.FromInteger(type, type == SqlType.Int8 ? (sbyte)single : single);
                return type != SqlType.Boolean || single <= 1;
            case SqlType.UInt16 or SqlType.UInt32 or SqlType.UInt64:
                if (!Varint.TryRead(buffer, ref position, end, out var bits) || (type != SqlType.UInt64 && bits > (ulong)NumberConversion.RangeOf(type).Greatest))
                {
                    return false;
                }

                value = SqlValue.FromInteger(type, (long)bits);
                return true;
            case SqlType.Date or SqlType.Time:
                return Varint.TryRead(buffer, ref position, end, out var count) && count <= long.MaxValue && MomentCodec.TryGive(type, (long)count, 0, out value);
            case SqlType.Int16 or SqlType.Int32 or SqlType.Int64:
                var (least, greatest) = NumberConversion.RangeOf(type);
                if (!Varint.TryReadSigned(buffer, ref position, end, out var number) || number < least || number > greatest)
                {
                    return false;
                }

                value = SqlValue.FromInteger(type, number);
                return true;
            case SqlType.Decimal:
                return TryReadDecimal(buffer, ref position, end, out value);
            case SqlType.Money:
                if (!Varint.TryReadSigned(buffer, ref position, end, out var units))
                {
                    return false;
                }

                value = SqlValue.FromMoney(NumberConversion.MoneyFromUnits(units));
                return true;
            case SqlType.Text or SqlType.Blob:
                return TryReadBytes(buffer, ref position, end, type, isLast, out value);
            default:
                return TryReadFixed(buffer, ref position, end, type, out value);
        }
    }

    private static bool TryReadFixed(byte[] buffer, ref int position, int end, SqlType type, out SqlValue value)
    {
        value = default;
        var width = SqlTypes.KeyWidthOf(type);
        if (width > end - position)
        {
            return false;
        }

        var bytes = buffer.AsSpan(position, width);
        position += width;
        switch (type)
        {
            case SqlType.Real:
                value = SqlValue.FromReal(BinaryPrimitives.ReadSingleLittleEndian(bytes));
                return true;
            case SqlType.Double:
                value = SqlValue.FromDouble(BinaryPrimitives.ReadDoubleLittleEndian(bytes));
                return true;
            case SqlType.Uuid:
                value = SqlValue.FromUuid(new Guid(bytes, bigEndian: true));
                return true;
            case SqlType.Timestamp:
                return MomentCodec.TryGive(type, BinaryPrimitives.ReadInt64LittleEndian(bytes), 0, out value);
            case SqlType.TimestampTz:
                return Varint.TryReadSigned(buffer, ref position, end, out var offset)
                    && offset is >= short.MinValue and <= short.MaxValue
                    && MomentCodec.TryGive(type, BinaryPrimitives.ReadInt64LittleEndian(bytes), (int)offset, out value);
            default:
                return false;
        }
    }

    private static bool TryReadBytes(byte[] buffer, ref int position, int end, SqlType type, bool isLast, out SqlValue value)
    {
        value = default;
        var length = (ulong)(end - position);
        if (!isLast && (!Varint.TryRead(buffer, ref position, end, out length) || length > (ulong)(end - position)))
        {
            return false;
        }

        value = type == SqlType.Text ? SqlValue.FromUtf8(buffer, position, (int)length) : SqlValue.FromBlob(buffer, position, (int)length);
        position += (int)length;
        return true;
    }

    private static void WriteDecimal(ref ByteAppender destination, decimal number)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        destination.Append((byte)((parts[3] < 0 ? NegativeDecimal : 0) | number.Scale));
        Span<byte> coefficient = stackalloc byte[MaxCoefficientLength];
        BinaryPrimitives.WriteInt32LittleEndian(coefficient, parts[0]);
        BinaryPrimitives.WriteInt32LittleEndian(coefficient[4..], parts[1]);
        BinaryPrimitives.WriteInt32LittleEndian(coefficient[8..], parts[2]);
        coefficient = coefficient.TrimEnd((byte)0);
        destination.Append((byte)coefficient.Length);
        destination.Append(coefficient);
    }

    private static bool TryReadDecimal(byte[] buffer, ref int position, int end, out SqlValue value)
    {
        value = default;
        if (end - position < 2)
        {
            return false;
        }

        var scale = buffer[position] & ~NegativeDecimal;
        var isNegative = buffer[position] >= NegativeDecimal;
        var length = buffer[position + 1];
        position += 2;
        if (scale > MaxScale || length > MaxCoefficientLength || length > end - position)
        {
            return false;
        }

        Span<byte> coefficient = stackalloc byte[MaxCoefficientLength];
        coefficient.Clear();
        buffer.AsSpan(position, length).CopyTo(coefficient);
        position += length;
        value = SqlValue.FromDecimal(new decimal(
            BinaryPrimitives.ReadInt32LittleEndian(coefficient),
            BinaryPrimitives.ReadInt32LittleEndian(coefficient[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(coefficient[8..]),
            isNegative,
            (byte)scale));
        return true;
    }
}
