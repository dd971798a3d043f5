using LsmTree.Data.Values;

namespace LsmTree.Data.Rows;

/// <summary>What a key leaves out of a value so that equal values are one key, and the row remembers so that the value comes back as it was.</summary>
/// <remarks>
/// <para>1.0 and 1.00 are one key, and so are 13:00+01:00 and 12:00+00:00, and in an ANY column the INTEGER 5 and the BIGINT 5. The scale, the offset and
/// the type are the note. Most values need none: an INTEGER, a BIGINT beyond it, a TEXT, a TIMESTAMP and what is not listed below.</para>
/// <code>
/// note := type byte of the value, 0 for "no note"
///         then for DECIMAL its scale (1 byte), for TIMESTAMPTZ its offset in minutes (signed varint)
/// </code>
/// </remarks>
/// <example>The key 2024-02-29 13:30:00+05:30 has the note 11 94 05: type 17, offset 330.</example>
/// <param name="Type">The type of the value; <see cref="SqlType.Null"/> when there is no note.</param>
/// <param name="Detail">The scale of a DECIMAL, the offset in minutes of a TIMESTAMPTZ.</param>
internal readonly record struct KeyNote(SqlType Type, int Detail = 0)
{
    private const int MaxScale = 28;
    private const int MaxOffsetMinutes = 14 * 60;

    public bool IsNone => Type == SqlType.Null;

    /// <summary>Whether values of a key column may need a note; columns that cannot have none in the row.</summary>
    public static bool IsPossible(in StoredColumn column) =>
        column.Type is SqlType.Any or SqlType.TimestampTz || (column.Type == SqlType.Decimal && column.Scale < 0);

    /// <summary>The note of a value in a column for which <see cref="IsPossible"/> holds.</summary>
    public static KeyNote Of(in SqlValue value, SqlType columnType)
    {
        var isAny = columnType == SqlType.Any;
        return value.Type switch
        {
            SqlType.Decimal when isAny || HasTrailingZero(value.AsDecimal()) => new KeyNote(SqlType.Decimal, value.AsDecimal().Scale),
            SqlType.TimestampTz when isAny || value.AsOffsetMinutes() != 0 => new KeyNote(SqlType.TimestampTz, value.AsOffsetMinutes()),
            SqlType.Int64 when isAny && value.AsInt64() is >= int.MinValue and <= int.MaxValue => new KeyNote(SqlType.Int64),
            SqlType.UInt8 or SqlType.Int8 or SqlType.Int16 or SqlType.UInt16 or SqlType.UInt32 or SqlType.UInt64 or SqlType.Real or SqlType.Double
                or SqlType.Money or SqlType.Date or SqlType.Blob when isAny => new KeyNote(value.Type),
            _ => default,
        };
    }

    public void Write(ref ByteAppender destination)
    {
        destination.Append((byte)Type);
        if (Type == SqlType.Decimal)
        {
            destination.Append((byte)Detail);
        }
        else if (Type == SqlType.TimestampTz)
        {
            Varint.WriteSigned(ref destination, Detail);
        }
    }

    public static bool TryRead(ReadOnlySpan<byte> row, ref int position, int end, out KeyNote note)
    {
        note = default;
        if (position >= end || row[position] >= (byte)SqlType.Any)
        {
            return false;
        }

        var type = (SqlType)row[position++];
        long detail = 0;
        if (type == SqlType.Decimal)
        {
            if (position >= end || row[position] > MaxScale)
            {
                return false;
            }

            detail = row[position++];
        }
        else if (type == SqlType.TimestampTz && (!Varint.TryReadSigned(row, ref position, end, out detail) || detail is < -MaxOffsetMinutes or > MaxOffsetMinutes))
        {
            return false;
        }

        note = new KeyNote(type, (int)detail);
        return true;
    }

    private static bool HasTrailingZero(decimal number)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        var coefficient = new UInt128((uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        return number.Scale > 0 && coefficient % 10 == 0;
    }
}
