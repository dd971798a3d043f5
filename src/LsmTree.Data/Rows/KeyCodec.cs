using LsmTree.Data.Values;

namespace LsmTree.Data.Rows;

/// <summary>Reads the columns of a key that <see cref="KeyWriter"/> wrote. Any bytes are safe: what is no key is false.</summary>
internal static class KeyCodec
{
    /// <summary>After a 00 inside TEXT or BLOB: the value has a 00 here.</summary>
    public const byte EscapedZero = 0xFF;

    /// <summary>After a 00: the value ends. Less than <see cref="EscapedZero"/>, so that the shorter value is the lesser.</summary>
    public const byte Terminator = 0x01;

    /// <summary>Moves behind a column.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> key, ref int position, SqlType type, bool isLast)
    {
        if (type == SqlType.Any)
        {
            if (position >= key.Length)
            {
                return false;
            }

            switch ((TypeClass)key[position++])
            {
                case TypeClass.Number:
                    return NumberKey.TrySkip(key, ref position);
                case TypeClass.Bytes:
                    return TrySkipBytes(key, ref position, isLast);
                case TypeClass.Boolean:
                    return TrySkip(key, ref position, SqlType.Boolean, isLast);
                case TypeClass.Moment or TypeClass.Time:
                    return TrySkip(key, ref position, SqlType.Time, isLast);
                case TypeClass.Uuid:
                    return TrySkip(key, ref position, SqlType.Uuid, isLast);
                default:
                    return false;
            }
        }

        switch (type)
        {
            case SqlType.Text or SqlType.Blob:
                return TrySkipBytes(key, ref position, isLast);
            case SqlType.Decimal:
                return NumberKey.TrySkip(key, ref position);
            default:
                position += SqlTypes.KeyWidthOf(type);
                return position <= key.Length;
        }
    }

    /// <summary>Reads a column. TEXT and BLOB are slices of the buffer where they stand in it as they are.</summary>
    /// <param name="buffer">The buffer that holds the key.</param>
    /// <param name="position">Where the column begins; moved behind it.</param>
    /// <param name="end">Where the key ends.</param>
    /// <param name="column">The column.</param>
    /// <param name="isLast">Whether it is the last column of the key.</param>
    /// <param name="note">What the row remembers about the value.</param>
    /// <param name="value">The value.</param>
    public static bool TryRead(byte[] buffer, ref int position, int end, in StoredColumn column, bool isLast, KeyNote note, out SqlValue value)
    {
        if (column.Type == SqlType.Any)
        {
            return TryReadAny(buffer, ref position, end, isLast, note, out value);
        }

        value = default;
        var key = buffer.AsSpan(0, end);
        switch (column.Type)
        {
            case SqlType.Text or SqlType.Blob:
                return TryReadBytes(buffer, ref position, end, column.Type, isLast, out value);
            case SqlType.Decimal:
                return NumberKey.TryRead(key, ref position, SqlType.Decimal, note.IsNone ? Math.Max(column.Scale, 0) : note.Detail, out value);
        }

        var width = SqlTypes.KeyWidthOf(column.Type);
        if (width == 0 || width > end - position)
        {
            return false;
        }

        var bytes = key.Slice(position, width);
        position += width;
        return TryReadFixed(bytes, column.Type, note, out value);
    }

    private static bool TryReadAny(byte[] buffer, ref int position, int end, bool isLast, KeyNote note, out SqlValue value)
    {
        value = default;
        if (position >= end)
        {
            return false;
        }

        var typeClass = (TypeClass)buffer[position++];
        if (!note.IsNone && SqlTypes.ClassOf(note.Type) != typeClass)
        {
            return false;
        }

        switch (typeClass)
        {
            case TypeClass.Number:
                return NumberKey.TryRead(buffer.AsSpan(0, end), ref position, note.Type, note.Detail, out value);
            case TypeClass.Bytes:
                return TryReadBytes(buffer, ref position, end, note.IsNone ? SqlType.Text : note.Type, isLast, out value);
            case TypeClass.Moment:
                return TryRead(buffer, ref position, end, new StoredColumn(0, SqlType.Timestamp), isLast, default, out value)
                    && TryGiveMoment(value.AsInt64(), note, out value);
            case TypeClass.Boolean:
                return TryRead(buffer, ref position, end, new StoredColumn(0, SqlType.Boolean), isLast, note, out value);
            case TypeClass.Time:
                return TryRead(buffer, ref position, end, new StoredColumn(0, SqlType.Time), isLast, note, out value);
            case TypeClass.Uuid:
                return TryRead(buffer, ref position, end, new StoredColumn(0, SqlType.Uuid), isLast, note, out value);
            default:
                return false;
        }
    }

    private static bool TryReadFixed(ReadOnlySpan<byte> bytes, SqlType type, KeyNote note, out SqlValue value)
    {
        value = default;
        if (type == SqlType.Uuid)
        {
            value = SqlValue.FromUuid(new Guid(bytes, bigEndian: true));
            return true;
        }

        var bits = 0UL;
        foreach (var part in bytes)
        {
            bits = (bits << 8) | part;
        }

        switch (type)
        {
            case SqlType.Boolean:
                value = SqlValue.FromBoolean(bits == 1);
                return bits <= 1;
            case SqlType.UInt8 or SqlType.UInt16 or SqlType.UInt32 or SqlType.UInt64:
                value = SqlValue.FromInteger(type, (long)bits);
                return true;
            case SqlType.Int8 or SqlType.Int16 or SqlType.Int32 or SqlType.Int64:
                // Flipping the sign bit is adding half the range; taking it away again gives the number with its sign.
                value = SqlValue.FromInteger(type, unchecked((long)(bits - (1UL << ((bytes.Length * 8) - 1)))));
                return true;
            case SqlType.Real:
                var single = BitConverter.UInt32BitsToSingle((uint)((bits & 1UL << 31) != 0 ? bits & ~(1UL << 31) : ~bits));
                value = SqlValue.FromReal(single);
                return !float.IsNaN(single);
            case SqlType.Double:
                var number = BitConverter.UInt64BitsToDouble((bits & 1UL << 63) != 0 ? bits & ~(1UL << 63) : ~bits);
                value = SqlValue.FromDouble(number);
                return !double.IsNaN(number);
            case SqlType.Money:
                value = SqlValue.FromMoney(NumberConversion.MoneyFromUnits((long)(bits ^ (1UL << 63))));
                return true;
            default:
                return bits <= long.MaxValue && MomentCodec.TryGive(type, (long)bits, note.Detail, out value);
        }
    }

    private static bool TryGiveMoment(long utcTicks, KeyNote note, out SqlValue value) => note.Type switch
    {
        SqlType.Date => MomentCodec.TryGive(SqlType.Date, utcTicks / TimeSpan.TicksPerDay, 0, out value) && utcTicks % TimeSpan.TicksPerDay == 0,
        SqlType.TimestampTz => MomentCodec.TryGive(SqlType.TimestampTz, utcTicks, note.Detail, out value),
        _ => MomentCodec.TryGive(SqlType.Timestamp, utcTicks, 0, out value),
    };

    private static bool TrySkipBytes(ReadOnlySpan<byte> key, ref int position, bool isLast)
    {
        if (isLast)
        {
            position = key.Length;
            return true;
        }

        while (position < key.Length)
        {
            var zero = key[position..].IndexOf((byte)0);
            if (zero < 0 || position + zero + 1 >= key.Length)
            {
                return false;
            }

            position += zero + 2;
            switch (key[position - 1])
            {
                case Terminator:
                    return true;
                case EscapedZero:
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool TryReadBytes(byte[] buffer, ref int position, int end, SqlType type, bool isLast, out SqlValue value)
    {
        var start = position;
        if (!TrySkipBytes(buffer.AsSpan(0, end), ref position, isLast))
        {
            value = default;
            return false;
        }

        var length = position - start - (isLast ? 0 : 2);
        if (!isLast && buffer.AsSpan(start, length).Contains((byte)0))
        {
            buffer = Unescape(buffer.AsSpan(start, length));
            (start, length) = (0, buffer.Length);
        }

        value = type == SqlType.Text ? SqlValue.FromUtf8(buffer, start, length) : SqlValue.FromBlob(buffer, start, length);
        return true;
    }

    private static byte[] Unescape(ReadOnlySpan<byte> escaped)
    {
        var bytes = new byte[escaped.Length - escaped.Count((byte)0)];
        var written = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            bytes[written++] = escaped[i];
            if (escaped[i] == 0)
            {
                i++;
            }
        }

        return bytes;
    }
}
