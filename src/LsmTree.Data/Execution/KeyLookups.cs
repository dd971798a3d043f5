using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>The rows of a list of keys, which is sorted the way they are wanted. Outside a transaction all are read as of one moment.</summary>
internal sealed class KeyLookups : TableRows
{
    private const int FirstRowBytes = 512;

    private readonly List<byte[]> _keys;
    private readonly LsmStore _store;
    private readonly StoreTransaction? _transaction;
    private readonly Snapshot? _snapshot;
    private readonly Interruption _interruption;
    private readonly ScanCounters? _counters;
    private int _next;

    public KeyLookups(TableSchema table, List<byte[]> keys, BoundExpression? residual, StatementContext context)
        : base(table.Shape, residual, context.Frame)
    {
        _keys = keys;
        _store = context.Store;
        _transaction = context.Transaction;
        _snapshot = _transaction is null && keys.Count > 1 ? _store.CreateSnapshot() : null;
        _interruption = context.Interruption;
        _counters = context.Counters;
        Row.GrowRowBuffer(FirstRowBytes);
    }

    public override void GetValue(int ordinal, out SqlValue value) => Row.GetValue(ordinal, out value);

    public override void Dispose()
    {
        _next = _keys.Count;
        _snapshot?.Dispose();
    }

    protected override bool Move()
    {
        while (_next < _keys.Count)
        {
            var key = _keys[_next++];
            if (_next % Interruption.RowsBetweenChecks == 0)
            {
                _interruption.Check();
            }

            Row.LoadKey(key);
            if (Find(key))
            {
                return true;
            }
        }

        return false;
    }

    protected override void LoadKey()
    {
        // Move has done it.
    }

    private bool Find(byte[] key)
    {
        if (_counters is not null)
        {
            _counters.Lookups++;
        }

        try
        {
            while (true)
            {
                var isFound = _transaction is null
                    ? _store.TryGet(key, Row.RowBuffer, out var length, _snapshot)
                    : _transaction.TryGet(key, Row.RowBuffer, out length);
                if (!isFound)
                {
                    return false;
                }

                if (length <= Row.RowBuffer.Length)
                {
                    Row.SetRowLength(length);
                    break;
                }

                Row.GrowRowBuffer(length);
            }
        }
        catch (StoreException error)
        {
            throw StoreErrors.Translate(error);
        }
        catch (IOException error)
        {
            throw StoreErrors.Translate(error);
        }

        if (_counters is not null)
        {
            _counters.RowsRead++;
        }

        return true;
    }
}
