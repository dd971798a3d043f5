using LsmTree.Data.Expressions;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>What one execution works with: the store, the transaction it reads and writes in, parameters, limits.</summary>
/// <remarks>
/// A statement that writes has a transaction, its own in autocommit, so that what it checks still holds when it commits; except for one that
/// only overwrites: it has a batch. A statement that reads outside a transaction has neither: its one cursor holds its moment by itself, and when it
/// has several sources it holds a <see cref="Moment"/> for all.
/// Writing statements of a session use one context again and again.
/// </remarks>
internal sealed class StatementContext
{
    /// <summary>512 MiB: a transaction is one record of the log, and stands in memory until it commits.</summary>
    public const long MostPendingBytes = 512L << 20;

    private const int MostKeyBytes = 64 << 10; // 64 KiB, the engine's limit

    private MemoryBudget? _budget;
    private FoundRow? _found;

    /// <param name="store">The store.</param>
    /// <param name="frame">Where expressions read.</param>
    public StatementContext(LsmStore store, EvaluationFrame frame)
    {
        Store = store;
        Frame = frame;
    }

    public LsmStore Store { get; }

    public EvaluationFrame Frame { get; }

    public StoreTransaction? Transaction { get; private set; }

    /// <summary>The moment that the parts of a reading statement share; null when there is one part, or a transaction, which is a moment itself.</summary>
    public Snapshot? Moment { get; private set; }

    /// <summary>Where blind writes go in autocommit; null otherwise.</summary>
    public WriteBatch? Batch { get; private set; }

    public Interruption Interruption { get; private set; }

    /// <summary>Counts for EXPLAIN ANALYZE; null otherwise.</summary>
    public ScanCounters? Counters { get; private set; }

    /// <summary>A row in the making; writing statements use it again for each of their rows.</summary>
    public ValueRow Scratch { get; } = new();

    /// <summary>A row found by its key; writing statements use it again.</summary>
    public FoundRow Found => _found ??= new FoundRow();

    public MemoryBudget Budget => _budget ??= new MemoryBudget();

    /// <summary>Begins an execution that reads, and writes, in a transaction; or (null) reads what there is now.</summary>
    public StatementContext Begin(StoreTransaction? transaction, in Interruption interruption, ScanCounters? counters)
    {
        Transaction = transaction;
        Moment = null;
        Batch = null;
        Interruption = interruption;
        Counters = counters;
        _budget = null;
        return this;
    }

    /// <summary>Begins an execution that only writes, into a batch.</summary>
    public StatementContext Begin(WriteBatch batch, in Interruption interruption)
    {
        Begin((StoreTransaction?)null, interruption, counters: null);
        Batch = batch;
        return this;
    }

    /// <summary>The same execution for another part of the statement.</summary>
    public StatementContext WithFrame(EvaluationFrame frame)
    {
        var part = new StatementContext(Store, frame).Begin(Transaction, Interruption, Counters);
        part.Moment = Moment;
        part._budget = Budget;
        return part;
    }

    /// <summary>Lets all that is opened from here on, also for other parts, read as of one moment.</summary>
    /// <returns>The moment, to be disposed when the rows are; null when the statement has one already.</returns>
    public Snapshot? HoldMoment() => Transaction is null && Moment is null ? Moment = Store.CreateSnapshot() : null;

    public StoreCursor CreateCursor(in KeyRange range)
    {
        var options = new CursorOptions { LowerBound = range.Lower, UpperBound = range.Upper, Snapshot = Moment, Cancellation = Interruption.Cancellation };
        return Transaction is null ? Store.CreateCursor(options) : Transaction.CreateCursor(options);
    }

    public bool Contains(ReadOnlySpan<byte> key) => Transaction!.Contains(key);

    /// <exception cref="LsmException">LimitExceeded: the key is too long. OutOfMemoryBudget: the transaction is too large.</exception>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> row)
    {
        CheckKey(key);
        CheckPending(Batch?.ByteCount ?? Transaction!.PendingBytes, row);
        if (Batch is not null)
        {
            Batch.Put(key, row);
        }
        else
        {
            Transaction!.Put(key, row);
        }
    }

    /// <summary>Writes a row outside any transaction, unless there is one of its key; false when there is.</summary>
    /// <exception cref="LsmException">As <see cref="Put"/>.</exception>
    public bool TryInsert(ReadOnlySpan<byte> key, ReadOnlySpan<byte> row, Durability durability)
    {
        CheckKey(key);
        CheckPending(0, row);
        return Store.TryInsert(key, row, durability, Interruption.Cancellation);
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

    private static void CheckKey(ReadOnlySpan<byte> key)
    {
        if (key.Length > MostKeyBytes)
        {
            throw new LsmException(LsmErrorCode.LimitExceeded, $"The key takes {key.Length} bytes, and at most {MostKeyBytes} are possible", hint: "keep long values out of the primary key");
        }
    }

    private static void CheckPending(long bytes, ReadOnlySpan<byte> row)
    {
        if (bytes + row.Length > MostPendingBytes)
        {
            throw new LsmException(
                LsmErrorCode.OutOfMemoryBudget,
                $"The transaction would hold more changes in memory than {MostPendingBytes >> 20} MiB",
                hint: "commit in smaller parts");
        }
    }
}
