using LsmTree.Data.Expressions;
using LsmTree.Data.Planning;
using LsmTree.Data.Rows;
using LsmTree.Data.Schemas;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>The rows of a range of keys, or of several, in key order. A row is copied from the cursor when one of its columns is asked for, and only the key when that is enough.</summary>
internal sealed class TableScan : TableRows
{
    private readonly RowShape _shape;
    private readonly StoreCursor _cursor;
    private readonly RangeWalk? _walk; // between several ranges; null for one, which the cursor is bounded by
    private readonly ScanOrder _order;
    private readonly Interruption _interruption;
    private readonly ScanCounters? _counters;
    private int _steps;
    private Progress _progress;
    private Copied _copied;

    public TableScan(TableSchema table, in KeyRange range, BoundExpression? residual, ScanOrder order, StatementContext context)
        : base(table.Shape, residual, context.Frame)
    {
        _shape = table.Shape;
        _cursor = context.CreateCursor(range);
        _order = order;
        _interruption = context.Interruption;
        _counters = context.Counters;
    }

    /// <param name="table">The table.</param>
    /// <param name="ranges">At least one range, in ascending order; they do not meet. One cursor reads them all, and so all as of one moment.</param>
    /// <param name="residual">What the ranges do not settle; null when they settle all.</param>
    /// <param name="order">Which way.</param>
    /// <param name="context">The execution.</param>
    public TableScan(TableSchema table, List<KeyRange> ranges, BoundExpression? residual, ScanOrder order, StatementContext context)
        : this(table, new KeyRange(ranges[0].Lower, ranges[^1].Upper, IsEmpty: false), residual, order, context) => _walk = new RangeWalk(_cursor, ranges, order);

    public override void GetValue(int ordinal, out SqlValue value)
    {
        if (_copied != Copied.All)
        {
            Copy(ordinal);
        }

        Row.GetValue(ordinal, out value);
    }

    public override void Dispose()
    {
        if (_progress == Progress.Closed)
        {
            return;
        }

        _progress = Progress.Closed;
        _cursor.Dispose();
    }

    protected override bool Move()
    {
        if (_progress >= Progress.Ended)
        {
            return false;
        }

        if (++_steps % Interruption.RowsBetweenChecks == 0)
        {
            _interruption.Check();
        }

        _copied = Copied.Nothing;
        bool isValid;
        try
        {
            isValid = _walk is null ? Step() : _walk.Step();
        }
        catch (StoreException error)
        {
            throw StoreErrors.Translate(error);
        }
        catch (IOException error)
        {
            throw StoreErrors.Translate(error);
        }
        catch (OperationCanceledException error)
        {
            throw _interruption.Describe(error);
        }

        _progress = isValid ? Progress.Reading : Progress.Ended;
        if (isValid && _counters is not null)
        {
            _counters.RowsRead++;
        }

        return isValid;
    }

    protected override void LoadKey()
    {
        if (_copied == Copied.Nothing)
        {
            Row.LoadKey(_cursor.Key);
            _copied = Copied.Key;
        }
    }

    private bool Step()
    {
        if (_progress == Progress.Reading)
        {
            return _order == ScanOrder.Ascending ? _cursor.Next() : _cursor.Prev();
        }

        return _order == ScanOrder.Ascending ? _cursor.SeekToFirst() : _cursor.SeekToLast();
    }

    private void Copy(int ordinal)
    {
        if (_shape.PlaceOf(ordinal) >= 0 && !_shape.HasNotes)
        {
            LoadKey();
            return;
        }

        try
        {
            LoadKey();
            Row.LoadRow(_cursor.Value);
        }
        catch (StoreException error)
        {
            throw StoreErrors.Translate(error);
        }
        catch (IOException error)
        {
            throw StoreErrors.Translate(error);
        }

        _copied = Copied.All;
    }

    private enum Progress
    {
        BeforeFirst,
        Reading,
        Ended,
        Closed,
    }

    private enum Copied
    {
        Nothing,
        Key,
        All,
    }
}
