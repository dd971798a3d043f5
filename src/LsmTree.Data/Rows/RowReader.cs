using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Values;

namespace LsmTree.Data.Rows;

/// <summary>A stored row, key and value, whose columns are decoded when they are asked for. Reused from row to row: it owns its two buffers.</summary>
/// <remarks>
/// Values are slices of the buffers, valid until the next load. Columns before the one asked for are walked over once, and where they begin is
/// remembered. Used by one thread at a time.
/// </remarks>
internal sealed class RowReader
{
    private const int RetainedLength = 1 << 20; // 1 MiB: a larger buffer is dropped before the next row

    private RowShape _shape; // changed by Use

    // The row.
    private byte[] _key = [];
    private byte[] _row = [];
    private int _keyLength;
    private int _rowLength;

    // What is known about the row so far: where the first columns of the key and of the row begin, the last one known included.
    private int[] _keyStarts;
    private int[] _rowStarts;
    private KeyNote[] _notes;
    private int _keyKnown;
    private int _rowKnown;
    private ulong _nulls;
    private int _lastColumn;
    private bool _isHeaderRead;

    public RowReader(RowShape shape) => Use(shape);

    /// <summary>The table whose rows are read.</summary>
    public RowShape Shape => _shape;

    /// <summary>The key as stored; valid until the next load.</summary>
    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    /// <summary>The value as stored; valid until the next load.</summary>
    public ReadOnlySpan<byte> Row => _row.AsSpan(0, _rowLength);

    /// <summary>Room for a value that the store copies into; <see cref="SetRowLength"/> says how much of it is the row.</summary>
    public Span<byte> RowBuffer => _row;

    /// <summary>Turns to another table. The buffers are kept.</summary>
    [MemberNotNull(nameof(_shape), nameof(_keyStarts), nameof(_rowStarts), nameof(_notes))]
    public void Use(RowShape shape)
    {
        _shape = shape;
        _keyStarts = new int[shape.KeyColumns.Length];
        _rowStarts = new int[Math.Max(1, shape.RowColumns.Length)];
        _notes = new KeyNote[shape.KeyColumns.Length];
        Forget();
    }

    /// <summary>Copies a row.</summary>
    public void Load(ReadOnlySpan<byte> key, ReadOnlySpan<byte> row)
    {
        LoadKey(key);
        LoadRow(row);
    }

    /// <summary>Copies the row of the key that was loaded.</summary>
    public void LoadRow(ReadOnlySpan<byte> row)
    {
        GrowRowBuffer(row.Length);
        row.CopyTo(_row);
        _rowLength = row.Length;
    }

    /// <summary>Copies a key; the row follows by way of <see cref="RowBuffer"/>, or never when no column of it is asked for.</summary>
    public void LoadKey(ReadOnlySpan<byte> key)
    {
        _key = Resize(_key, key.Length);
        key.CopyTo(_key);
        _keyLength = key.Length;
        _rowLength = 0;
        Forget();
    }

    /// <summary>Makes <see cref="RowBuffer"/> at least so long; what is in it is lost.</summary>
    public void GrowRowBuffer(int length) => _row = Resize(_row, length);

    /// <summary>Says that the first bytes of <see cref="RowBuffer"/> are the row now.</summary>
    public void SetRowLength(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_row.Length);
        _rowLength = length;
        Forget();
    }

    /// <summary>The value of a column.</summary>
    /// <exception cref="LsmException">Corruption: the bytes are no row of the table.</exception>
    public void GetValue(int ordinal, out SqlValue value)
    {
        if (!TryGetValue(ordinal, out value))
        {
            ThrowCorrupt();
        }
    }

    /// <summary>The value of a column; false when the bytes are no row of the table.</summary>
    public bool TryGetValue(int ordinal, out SqlValue value)
    {
        var place = _shape.PlaceOf(ordinal);
        if (_shape.IsRaw)
        {
            value = place >= 0 ? SqlValue.FromBlob(_key, 0, _keyLength) : SqlValue.FromBlob(_row, 0, _rowLength);
            return true;
        }

        return place >= 0 ? TryGetKeyColumn(place, out value) : TryGetRowColumn(~place, out value);
    }

    private bool TryGetKeyColumn(int place, out SqlValue value)
    {
        value = default;
        var columns = _shape.KeyColumns;
        if (_keyLength < sizeof(uint) || (_shape.HasNotes && !TryReadHeader()))
        {
            return false;
        }

        for (; _keyKnown < place; _keyKnown++)
        {
            var next = _keyStarts[_keyKnown];
            if (!KeyCodec.TrySkip(Key, ref next, columns[_keyKnown].Type, isLast: false))
            {
                return false;
            }

            _keyStarts[_keyKnown + 1] = next;
        }

        var position = _keyStarts[place];
        var isLast = place == columns.Length - 1;
        return KeyCodec.TryRead(_key, ref position, _keyLength, columns[place], isLast, _notes[place], out value)
            && (!isLast || position == _keyLength);
    }

    private bool TryGetRowColumn(int place, out SqlValue value)
    {
        value = default;
        if (!TryReadHeader())
        {
            return false;
        }

        if ((_nulls >> place & 1) != 0)
        {
            return true;
        }

        var columns = _shape.RowColumns;
        for (; _rowKnown < place; _rowKnown++)
        {
            var next = _rowStarts[_rowKnown];
            if ((_nulls >> _rowKnown & 1) == 0 && !ValueCodec.TryRead(_row, ref next, _rowLength, columns[_rowKnown].Type, isLast: false, out _))
            {
                return false;
            }

            _rowStarts[_rowKnown + 1] = next;
        }

        var position = _rowStarts[place];
        var isLast = place == _lastColumn;
        return ValueCodec.TryRead(_row, ref position, _rowLength, columns[place].Type, isLast, out value) && (!isLast || position == _rowLength);
    }

    private bool TryReadHeader()
    {
        if (_isHeaderRead)
        {
            return true;
        }

        var columnCount = _shape.RowColumns.Length;
        if (_rowLength == 0
            || (_row[0] & RowWriter.VersionMask) != RowWriter.Version
            || (_row[0] & ~(RowWriter.VersionMask | RowWriter.HasNulls | RowWriter.HasNotes)) != 0)
        {
            return false;
        }

        var position = 1;
        if ((_row[0] & RowWriter.HasNulls) != 0 && !TryReadNulls(ref position, columnCount))
        {
            return false;
        }

        if ((_row[0] & RowWriter.HasNotes) != 0 && !TryReadNotes(ref position))
        {
            return false;
        }

        _lastColumn = columnCount - 1;
        while (_lastColumn >= 0 && (_nulls >> _lastColumn & 1) != 0)
        {
            _lastColumn--;
        }

        _rowStarts[0] = position;
        _isHeaderRead = true;
        return true;
    }

    private bool TryReadNulls(ref int position, int columnCount)
    {
        for (var i = 0; i < columnCount; i += 8)
        {
            if (position >= _rowLength)
            {
                return false;
            }

            _nulls |= (ulong)_row[position++] << i;
        }

        return columnCount == RowShape.MaxColumns || _nulls >> columnCount == 0;
    }

    private bool TryReadNotes(ref int position)
    {
        var columns = _shape.KeyColumns;
        for (var i = 0; i < columns.Length; i++)
        {
            if (!KeyNote.IsPossible(columns[i]))
            {
                continue;
            }

            if (!KeyNote.TryRead(_row, ref position, _rowLength, out _notes[i])
                || (!_notes[i].IsNone && columns[i].Type != SqlType.Any && _notes[i].Type != columns[i].Type))
            {
                return false;
            }
        }

        return true;
    }

    private void Forget()
    {
        _keyStarts[0] = sizeof(uint);
        _keyKnown = 0;
        _rowKnown = 0;
        _nulls = 0;
        _isHeaderRead = false;
        if (_shape.HasNotes)
        {
            Array.Clear(_notes);
        }
    }

    private static byte[] Resize(byte[] buffer, int length)
    {
        if (buffer.Length >= length && (buffer.Length <= RetainedLength || length > RetainedLength))
        {
            return buffer;
        }

        return new byte[Math.Max(length, Math.Min(2 * buffer.Length, RetainedLength))];
    }

    [DoesNotReturn]
    private void ThrowCorrupt() => throw new LsmException(
        LsmErrorCode.Corruption,
        $"A row of table {_shape.TableId} is damaged: key {Convert.ToHexString(Key[..Math.Min(Key.Length, 32)])}, {_rowLength} bytes of value",
        hint: "run `lsmtree verify` on the directory");
}
