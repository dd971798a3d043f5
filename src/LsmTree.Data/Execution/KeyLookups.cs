using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>The rows of a list of keys, which is sorted the way they are wanted. All are read as of one moment.</summary>
/// <remarks>
/// Rows that are read at once, and those of many keys outside a transaction, which have a snapshot, are looked up one after another as they are read.
/// The others are looked up when this is made, and held: a transaction may write more, or end, before its rows are read.
/// </remarks>
internal sealed class KeyLookups : TableRows
{
    private const int FirstRowBytes = 512;

    private readonly List<byte[]> _keys;
    private readonly LsmStore _store;
    private readonly StoreTransaction? _transaction;
    private readonly Snapshot? _snapshot;
    private readonly Snapshot? _ownSnapshot;
    private readonly byte[]?[]? _found; // the values of the keys, when they were looked up at once
    private readonly Interruption _interruption;
    private readonly ScanCounters? _counters;
    private int _next;

    public KeyLookups(TableSchema table, List<byte[]> keys, BoundExpression? residual, StatementContext context, RowUse use = RowUse.AtOnce)
        : base(table.Shape, residual, context.Frame)
    {
        _keys = keys;
        _store = context.Store;
        _transaction = context.Transaction;
        _snapshot = context.Moment;
        _interruption = context.Interruption;
        _counters = context.Counters;
        if (use == RowUse.Later && (_transaction is not null || keys.Count == 1))
        {
            _found = FindAll(context.Budget);
        }
        else
        {
            _snapshot ??= _ownSnapshot = _transaction is null && keys.Count > 1 ? _store.CreateSnapshot() : null;
            Row.GrowRowBuffer(FirstRowBytes);
        }
    }

    public override void GetValue(int ordinal, out SqlValue value) => Row.GetValue(ordinal, out value);

    public override void Dispose()
    {
        _next = _keys.Count;
        _ownSnapshot?.Dispose();
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
            if (_found is null ? Find(key) : Load(_found[_next - 1]))
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

    /// <exception cref="LsmException">OutOfMemoryBudget.</exception>
    private byte[]?[] FindAll(MemoryBudget budget)
    {
        var found = new byte[]?[_keys.Count];
        for (var i = 0; i < found.Length; i++)
        {
            if ((i + 1) % Interruption.RowsBetweenChecks == 0)
            {
                _interruption.Check();
            }

            _ = _transaction is null ? _store.TryGet(_keys[i], out found[i], _snapshot) : _transaction.TryGet(_keys[i], out found[i]);
            budget.Charge(found[i]?.Length ?? 0);
        }

        if (_counters is not null)
        {
            _counters.Lookups += found.Length;
        }

        return found;
    }

    private bool Load(byte[]? value)
    {
        if (value is null)
        {
            return false;
        }

        Row.LoadRow(value);
        if (_counters is not null)
        {
            _counters.RowsRead++;
        }

        return true;
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
