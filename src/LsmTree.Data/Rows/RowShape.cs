using LsmTree.Data.Values;

namespace LsmTree.Data.Rows;

/// <summary>How the columns of a table are laid out: which make the key, which the row. Immutable; made once for a table.</summary>
internal sealed class RowShape
{
    /// <summary>The most columns of a table: what a word of null bits holds.</summary>
    public const int MaxColumns = 64;

    private readonly StoredColumn[] _keyColumns;
    private readonly StoredColumn[] _rowColumns;
    private readonly int[] _places; // by ordinal: the position in the key, or the complement of the position in the row

    /// <param name="tableId">The first four bytes of the table's keys.</param>
    /// <param name="isRaw">True for the table of a store made by the key-value API: one BLOB is the whole key, another the whole row.</param>
    /// <param name="keyColumns">The key's columns in key order.</param>
    /// <param name="rowColumns">The other columns in order of declaration.</param>
    public RowShape(uint tableId, bool isRaw, StoredColumn[] keyColumns, StoredColumn[] rowColumns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keyColumns.Length + rowColumns.Length, MaxColumns);
        TableId = tableId;
        IsRaw = isRaw;
        _keyColumns = keyColumns;
        _rowColumns = rowColumns;
        _places = new int[keyColumns.Length + rowColumns.Length];
        for (var i = 0; i < keyColumns.Length; i++)
        {
            _places[keyColumns[i].Ordinal] = i;
            HasNotes |= KeyNote.IsPossible(keyColumns[i]);
        }

        for (var i = 0; i < rowColumns.Length; i++)
        {
            _places[rowColumns[i].Ordinal] = ~i;
        }
    }

    public uint TableId { get; }

    public bool IsRaw { get; }

    /// <summary>True when a key column may need a <see cref="KeyNote"/>, so that reading a key column needs the row too.</summary>
    public bool HasNotes { get; }

    public int ColumnCount => _places.Length;

    public ReadOnlySpan<StoredColumn> KeyColumns => _keyColumns;

    public ReadOnlySpan<StoredColumn> RowColumns => _rowColumns;

    /// <summary>Where a column is: its position among <see cref="KeyColumns"/>, or the complement (~) of its position among <see cref="RowColumns"/>.</summary>
    public int PlaceOf(int ordinal) => _places[ordinal];

    /// <summary>Writes what all keys of the table begin with: its number, or nothing for a raw table.</summary>
    public void WriteKeyStart(ref KeyWriter key)
    {
        if (!IsRaw)
        {
            key.WriteTableId(TableId);
        }
    }

    /// <summary>Writes one column of the key behind those before it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="keyPosition">The position among <see cref="KeyColumns"/>.</param>
    /// <param name="value">A value of the column's type, not NULL.</param>
    public void WriteKeyColumn(ref KeyWriter key, int keyPosition, in SqlValue value) =>
        key.Write(value, _keyColumns[keyPosition].Type, keyPosition == _keyColumns.Length - 1);

    /// <summary>Writes the whole key of a row.</summary>
    /// <param name="key">The key, empty so far.</param>
    /// <param name="row">The values of all columns by ordinal, each of its column's type; those of the key not NULL.</param>
    public void WriteKey(ref KeyWriter key, ReadOnlySpan<SqlValue> row)
    {
        WriteKeyStart(ref key);
        for (var i = 0; i < _keyColumns.Length; i++)
        {
            WriteKeyColumn(ref key, i, row[_keyColumns[i].Ordinal]);
        }
    }
}
