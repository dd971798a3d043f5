using LsmTree.Data.Values;

namespace LsmTree.Data.Rows;

/// <summary>Writes the value side of a row: the columns that are not in the key, and what the key leaves out of those that are.</summary>
/// <remarks>
/// <code>
/// row    := header [nulls] [notes] column*
/// header := one byte: 1, the version of this format, in the low four bits; 10 when some column is NULL; 20 when notes follow; the rest is 0
/// nulls  := a bit for each column of the row, in order of declaration, least significant first, 1 for NULL; as many bytes as that takes
/// notes  := for each column of the key that can have one (ANY, TIMESTAMPTZ, DECIMAL without scale), in key order, its KeyNote
/// column := nothing when NULL, else the value as ValueCodec writes it; a TEXT or BLOB that is the last one has no length
/// </code>
/// <para>So a table of one TEXT or BLOB beside its key stores a byte and the bytes. A raw table stores the bytes alone.</para>
/// </remarks>
/// <example>
/// (a INTEGER, b TEXT, c BLOB) with (300, NULL, X'CAFE'): <c>11 · 02 · D8 04 · CA FE</c>.
/// kv (k ANY, v ANY) with (BIGINT 5, 'hi'): <c>21 · 08 · 13 68 69</c>.
/// </example>
internal ref struct RowWriter
{
    /// <summary>A good size for the caller's span, in bytes.</summary>
    public const int ScratchLength = 512;

    internal const byte Version = 0x01;
    internal const byte VersionMask = 0x0F;
    internal const byte HasNulls = 0x10;
    internal const byte HasNotes = 0x20;

    private ByteAppender _bytes; // mutable: it is the buffer

    public RowWriter(Span<byte> initial) => _bytes = new ByteAppender(initial);

    /// <summary>The row; valid until the next write or Dispose.</summary>
    public readonly ReadOnlySpan<byte> Written => _bytes.Written;

    /// <summary>Writes a row, in place of what was written before.</summary>
    /// <param name="shape">The table's layout.</param>
    /// <param name="row">The values of all columns by ordinal, key columns too, each of its column's type or NULL.</param>
    /// <exception cref="LsmException">InvalidConversion: text with an unpaired surrogate.</exception>
    public void Write(RowShape shape, ReadOnlySpan<SqlValue> row)
    {
        _bytes.Truncate(0);
        if (shape.IsRaw)
        {
            ValueCodec.WriteBytes(ref _bytes, row[shape.RowColumns[0].Ordinal], isLast: true);
            return;
        }

        _bytes.Append(Version);
        var last = WriteNulls(shape.RowColumns, row);
        if (shape.HasNotes)
        {
            WriteNotes(shape.KeyColumns, row);
        }

        for (var i = 0; i <= last; i++)
        {
            var column = shape.RowColumns[i];
            ref readonly var value = ref row[column.Ordinal];
            if (!value.IsNull)
            {
                ValueCodec.Write(ref _bytes, value, column.Type, i == last);
            }
        }
    }

    public void Dispose() => _bytes.Dispose();

    /// <summary>Writes the bits, when there is a NULL, and returns the position of the last column that is not NULL; -1 when all are.</summary>
    private int WriteNulls(ReadOnlySpan<StoredColumn> columns, ReadOnlySpan<SqlValue> row)
    {
        var nulls = 0UL; // a table has at most 64 columns
        var last = -1;
        for (var i = 0; i < columns.Length; i++)
        {
            if (row[columns[i].Ordinal].IsNull)
            {
                nulls |= 1UL << i;
            }
            else
            {
                last = i;
            }
        }

        if (nulls != 0)
        {
            _bytes.Written[0] |= HasNulls;
            for (var i = 0; i < columns.Length; i += 8)
            {
                _bytes.Append((byte)(nulls >> i));
            }
        }

        return last;
    }

    private void WriteNotes(ReadOnlySpan<StoredColumn> columns, ReadOnlySpan<SqlValue> row)
    {
        var start = _bytes.Length;
        var isNeeded = false;
        foreach (var column in columns)
        {
            if (KeyNote.IsPossible(column))
            {
                var note = KeyNote.Of(row[column.Ordinal], column.Type);
                isNeeded |= !note.IsNone;
                note.Write(ref _bytes);
            }
        }

        if (isNeeded)
        {
            _bytes.Written[0] |= HasNotes;
        }
        else
        {
            _bytes.Truncate(start);
        }
    }
}
