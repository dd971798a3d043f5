using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Values;

namespace LsmTree.Data.Rows;

/// <summary>Builds keys whose order as bytes is the order of their values, column after column.</summary>
/// <remarks>
/// <para>A key is the table's number (4 bytes, big-endian), then its columns. Three rules make memcmp the only comparison: (1) the bytes of a column
/// order as <see cref="Comparison"/> orders its values, and equal values have equal bytes; (2) no column is the beginning of another value of the
/// same column, except in the last, so that what follows cannot disturb the order; (3) what a key leaves out so that (1) holds (scale, offset,
/// type in an ANY column) is a <see cref="KeyNote"/> in the row.</para>
/// <code>
/// BOOLEAN                 00 or 01
/// unsigned integers       big-endian, 1, 2, 4 or 8 bytes
/// signed integers         the same with the sign bit flipped
/// REAL, DOUBLE            big-endian IEEE 754: sign bit flipped when positive, all bits when negative; -0 is 0; NaN is refused
/// DECIMAL                 see NumberKey
/// MONEY                   ten-thousandths, as a signed integer of 8 bytes
/// UUID                    sixteen bytes as written in its text
/// DATE                    days since 0001-01-01, 4 bytes
/// TIME                    ticks of 100 ns since midnight, 8 bytes
/// TIMESTAMP, TIMESTAMPTZ  ticks since 0001-01-01 00:00 (UTC), 8 bytes
/// TEXT, BLOB              last column: the bytes (UTF-8); else the bytes with every 00 as 00 FF, then 00 01
/// ANY                     the class: 10 BOOLEAN, 20 number, 30 moment, 40 TIME, 50 UUID, 60 TEXT or BLOB; then a number as NumberKey, a moment as
///                         TIMESTAMP, the others as above
/// </code>
/// <para>Starts on the caller's span and grows by renting; Dispose returns what was rented.</para>
/// </remarks>
/// <example>
/// Table 2, PRIMARY KEY (a TEXT, b INTEGER), key ('x', -1): <c>00 00 00 02 · 78 00 01 · 7F FF FF FF</c>.
/// Table 1, kv (k ANY), key 'user:1': <c>00 00 00 01 · 60 75 73 65 72 3A 31</c>.
/// </example>
internal ref struct KeyWriter
{
    /// <summary>A good size for the caller's span, in bytes.</summary>
    public const int ScratchLength = 256;

    private ByteAppender _bytes; // mutable: it is the buffer

    public KeyWriter(Span<byte> initial) => _bytes = new ByteAppender(initial);

    /// <summary>The key so far; valid until the next write or Dispose.</summary>
    public readonly ReadOnlySpan<byte> Written => _bytes.Written;

    public readonly int Length => _bytes.Length;

    public void WriteTableId(uint tableId) => BinaryPrimitives.WriteUInt32BigEndian(_bytes.Extend(sizeof(uint)), tableId);

    /// <summary>Appends a column.</summary>
    /// <param name="value">A value of the column's type (for ANY, of any type); not NULL.</param>
    /// <param name="columnType">The type of the column.</param>
    /// <param name="isLast">Whether it is the last column of the key.</param>
    /// <exception cref="LsmException">OutOfRange: NaN. InvalidConversion: text with an unpaired surrogate.</exception>
    public void Write(in SqlValue value, SqlType columnType, bool isLast)
    {
        Debug.Assert(!value.IsNull, "Key columns are NOT NULL; the caller has said so with the column's name.");
        Debug.Assert(columnType == value.Type || columnType == SqlType.Any, "The value was converted to the column's type.");
        if (columnType == SqlType.Any)
        {
            WriteAny(value, isLast);
            return;
        }

        switch (columnType)
        {
            case SqlType.Text or SqlType.Blob:
                WriteBytes(value, isLast ? Ending.Open : Ending.Closed);
                break;
            case SqlType.Decimal:
                NumberKey.Write(ref _bytes, value);
                break;
            case SqlType.Uuid:
                value.AsUuid().TryWriteBytes(_bytes.Extend(16), bigEndian: true, out _);
                break;
            case SqlType.Real:
                WriteBigEndian(OrderedBits(RefuseNaN(value.AsReal())), sizeof(uint));
                break;
            case SqlType.Double:
                WriteBigEndian(OrderedBits(RefuseNaN(value.AsDouble())), sizeof(ulong));
                break;
            case SqlType.Money:
                WriteBigEndian((ulong)NumberConversion.UnitsOfMoney(value.AsDecimal()) ^ (1UL << 63), sizeof(ulong));
                break;
            case SqlType.TimestampTz:
                WriteBigEndian((ulong)value.AsUtcTicks(), sizeof(ulong));
                break;
            default:
                var width = SqlTypes.KeyWidthOf(columnType);
                WriteBigEndian((ulong)value.AsInt64() ^ SignBit(columnType, width), width);
                break;
        }
    }

    /// <summary>Appends the beginning of a TEXT or BLOB column: every value of the column that begins with it has a key that begins with this.</summary>
    public void WritePrefix(in SqlValue prefix, SqlType columnType, bool isLast)
    {
        if (columnType == SqlType.Any)
        {
            _bytes.Append((byte)TypeClass.Bytes);
        }

        WriteBytes(prefix, isLast ? Ending.Open : Ending.Cut);
    }

    /// <summary>Appends the first byte of every ANY key of a class: with <see cref="TryIncrement"/> the keys of one class are a range.</summary>
    public void WriteClass(TypeClass typeClass) => _bytes.Append((byte)typeClass);

    /// <summary>Makes the key that comes right after this one, and so after no other: this one and a zero.</summary>
    public void AppendSuccessor() => _bytes.Append(0);

    /// <summary>Makes the least key above everything that begins with this one. False, and nothing changed, when there is none: all bytes are FF.</summary>
    public bool TryIncrement()
    {
        var bytes = _bytes.Written;
        var last = bytes.LastIndexOfAnyExcept((byte)0xFF);
        if (last < 0)
        {
            return false;
        }

        bytes[last]++;
        _bytes.Truncate(last + 1);
        return true;
    }

    /// <summary>Goes back to the first <paramref name="length"/> bytes, to write other columns behind the same beginning.</summary>
    public void Truncate(int length) => _bytes.Truncate(length);

    public void Dispose() => _bytes.Dispose();

    private void WriteAny(in SqlValue value, bool isLast)
    {
        var typeClass = SqlTypes.ClassOf(value.Type);
        _bytes.Append((byte)typeClass);
        switch (typeClass)
        {
            case TypeClass.Number:
                if (SqlTypes.IsFloating(value.Type))
                {
                    RefuseNaN(value.AsDouble());
                }

                NumberKey.Write(ref _bytes, value);
                break;
            case TypeClass.Moment:
                WriteBigEndian((ulong)value.AsUtcTicks(), sizeof(ulong));
                break;
            default:
                Write(value, value.Type, isLast);
                break;
        }
    }

    private void WriteBytes(in SqlValue value, Ending ending)
    {
        if (value.IsUtf8 || value.Type == SqlType.Blob)
        {
            WriteBytes(value.AsSpan(), ending);
            return;
        }

        using var utf8 = new Utf8Bytes(value, stackalloc byte[Utf8Bytes.ScratchLength]);
        if (!utf8.IsWellFormed)
        {
            throw new LsmException(LsmErrorCode.InvalidConversion, "TEXT with an unpaired surrogate has no UTF-8");
        }

        WriteBytes(utf8.Span, ending);
    }

    private void WriteBytes(scoped ReadOnlySpan<byte> bytes, Ending ending)
    {
        if (ending == Ending.Open)
        {
            _bytes.Append(bytes);
            return;
        }

        for (int zero; (zero = bytes.IndexOf((byte)0)) >= 0; bytes = bytes[(zero + 1)..])
        {
            _bytes.Append(bytes[..(zero + 1)]);
            _bytes.Append(KeyCodec.EscapedZero);
        }

        _bytes.Append(bytes);
        if (ending == Ending.Closed)
        {
            _bytes.Append(0);
            _bytes.Append(KeyCodec.Terminator);
        }
    }

    private void WriteBigEndian(ulong bits, int width)
    {
        var destination = _bytes.Extend(width);
        for (var i = width - 1; i >= 0; i--)
        {
            destination[i] = (byte)bits;
            bits >>= 8;
        }
    }

    private static ulong SignBit(SqlType type, int width) =>
        type is SqlType.Int8 or SqlType.Int16 or SqlType.Int32 or SqlType.Int64 ? 1UL << ((width * 8) - 1) : 0;

    private static ulong OrderedBits(float number)
    {
        var bits = BitConverter.SingleToUInt32Bits(number == 0 ? 0 : number);
        return (bits & 1U << 31) != 0 ? ~bits : bits | 1U << 31;
    }

    private static ulong OrderedBits(double number)
    {
        var bits = BitConverter.DoubleToUInt64Bits(number == 0 ? 0 : number);
        return (bits & 1UL << 63) != 0 ? ~bits : bits | 1UL << 63;
    }

    private static float RefuseNaN(float number) => float.IsNaN(number) ? (float)ThrowNaN() : number;

    private static double RefuseNaN(double number) => double.IsNaN(number) ? ThrowNaN() : number;

    [DoesNotReturn]
    private static double ThrowNaN() => throw new LsmException(LsmErrorCode.OutOfRange, "NaN cannot be a key", hint: "it is equal to nothing, so no row could be found by it");

    private enum Ending
    {
        /// <summary>The bytes as they are: nothing follows.</summary>
        Open,

        /// <summary>Escaped and terminated: another column follows.</summary>
        Closed,

        /// <summary>Escaped only: the beginning of a value that is not the last column.</summary>
        Cut,
    }
}
