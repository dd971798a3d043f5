using LsmTree.Data.Expressions;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>What one execution works with: the store, the transaction it reads and writes in, parameters, limits.</summary>
/// <remarks>
/// A statement that writes has a transaction, its own in autocommit, so that what it checks still holds when it commits; except for one that
/// only overwrites: it has a batch. A statement that reads outside a transaction has neither, and its cursors hold their moment themselves.
/// </remarks>
internal sealed class StatementContext
{
    private MemoryBudget? _budget;

    public StatementContext(LsmStore store, StoreTransaction? transaction, EvaluationFrame frame, Interruption interruption)
    {
        Store = store;
        Transaction = transaction;
        Frame = frame;
        Interruption = interruption;
    }

    public LsmStore Store { get; }

    public StoreTransaction? Transaction { get; }

    /// <summary>Where blind writes go in autocommit; null otherwise.</summary>
    public WriteBatch? Batch { get; init; }

    public EvaluationFrame Frame { get; }

    public Interruption Interruption { get; }

    /// <summary>Counts for EXPLAIN ANALYZE; null otherwise.</summary>
    public ScanCounters? Counters { get; init; }

    public MemoryBudget Budget => _budget ??= new MemoryBudget();

    /// <summary>The same execution for another part of the statement.</summary>
    public StatementContext WithFrame(EvaluationFrame frame) =>
        new(Store, Transaction, frame, Interruption) { Batch = Batch, Counters = Counters, _budget = Budget };

    public StoreCursor CreateCursor(in KeyRange range)
    {
        var options = new CursorOptions { LowerBound = range.Lower, UpperBound = range.Upper, Cancellation = Interruption.Cancellation };
        return Transaction is null ? Store.CreateCursor(options) : Transaction.CreateCursor(options);
    }

    public bool Contains(ReadOnlySpan<byte> key) => Transaction!.Contains(key);

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> row)
    {
        if (Batch is not null)
        {
            Batch.Put(key, row);
        }
        else
        {
            Transaction!.Put(key, row);
        }
    }

    public void Delete(ReadOnlySpan<byte> key) => Transaction!.Delete(key);

    public void DeleteRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to) => Transaction!.DeleteRange(from, to);

    /// <summary>The value of LIMIT or OFFSET.</summary>
    /// <exception cref="LsmException">OutOfRange when it is negative.</exception>
    public long EvaluateCount(BoundExpression? expression, long absent, string clause)
    {
        if (expression is null)
        {
            return absent;
        }

        expression.Evaluate(Frame, out var value);
        if (value.IsNull)
        {
            return absent;
        }

        var count = Conversion.Convert(value, SqlType.Int64).AsInt64();
        return count >= 0 ? count : throw new LsmException(LsmErrorCode.OutOfRange, $"{clause} is negative: {count}");
    }
}
