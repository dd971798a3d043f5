using LsmTree.Data.Expressions;
using LsmTree.Data.Rows;
using LsmTree.Data.Schemas;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>
/// A row that is looked for by its key, as expressions see it. Used again and again: the key is encoded on the stack, the row lands in a buffer that stays,
/// and a look-up allocates nothing.
/// </summary>
internal sealed class FoundRow : IColumnValues
{
    private const int FirstRowBytes = 512;

    private RowReader? _row;

    /// <summary>The key that was looked for, as stored; valid until the next look-up.</summary>
    public ReadOnlySpan<byte> Key => _row!.Key;

    /// <summary>Looks for the row. False when there is none; also when the key has a value that the table cannot hold.</summary>
    /// <param name="table">The table.</param>
    /// <param name="key">The values of the key's columns.</param>
    /// <param name="frame">Where they read.</param>
    /// <param name="store">The store.</param>
    /// <param name="transaction">The transaction to read in; null to read what is there now.</param>
    public bool TryFind(TableSchema table, IReadOnlyList<BoundExpression> key, EvaluationFrame frame, LsmStore store, StoreTransaction? transaction)
    {
        var writer = new KeyWriter(stackalloc byte[KeyWriter.ScratchLength]);
        try
        {
            return KeyRanges.TryWritePoint(ref writer, table, key, frame) && TryFind(table.Shape, writer.Written, store, transaction);
        }
        finally
        {
            writer.Dispose();
        }
    }

    public void GetValue(int ordinal, out SqlValue value) => _row!.GetValue(ordinal, out value);

    private bool TryFind(RowShape shape, ReadOnlySpan<byte> key, LsmStore store, StoreTransaction? transaction)
    {
        var row = ReaderFor(shape);
        row.LoadKey(key);
        while (true)
        {
            var isFound = transaction is null
                ? store.TryGet(key, row.RowBuffer, out var length)
                : transaction.TryGet(key, row.RowBuffer, out length);
            if (!isFound)
            {
                return false;
            }

            if (length <= row.RowBuffer.Length)
            {
                row.SetRowLength(length);
                return true;
            }

            row.GrowRowBuffer(length);
        }
    }

    private RowReader ReaderFor(RowShape shape)
    {
        if (_row is null)
        {
            _row = new RowReader(shape);
            _row.GrowRowBuffer(FirstRowBytes);
        }
        else if (!ReferenceEquals(_row.Shape, shape))
        {
            _row.Use(shape);
        }

        return _row;
    }
}
