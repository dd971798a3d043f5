using System.Data;
using LsmTree.Data.Diagnostics;
using LsmTree.Data.Execution;
using LsmTree.Data.Expressions;
using LsmTree.Data.Planning;
using LsmTree.Data.Schemas;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Sessions;

/// <summary>One connection's way to the engine it shares: prepares texts, executes statements, holds the transaction. Used by one thread at a time.</summary>
/// <remarks>
/// Errors of the engine leave this class as <see cref="LsmException"/>: here for what happens while a statement is executed, in the operators
/// for what happens while its rows are read.
/// </remarks>
internal sealed class Session : IDisposable
{
    private readonly StoreLease _lease;
    private readonly SharedStore _shared;
    private readonly SessionSettings _settings;
    private readonly StatementWriter _writer;
    private SessionTransaction? _transaction;
    private PointLookup _point = new();
    private bool _isConnection;
    private bool _isDisposed;

    /// <summary>Works with the engine of a lease, which ends with the session.</summary>
    public Session(StoreLease lease, SessionSettings settings)
    {
        _lease = lease;
        _shared = lease.Shared;
        _settings = settings;
        _writer = new StatementWriter(lease.Shared, settings.Durability);
    }

    /// <summary>The raw engine.</summary>
    public LsmStore Store => _shared.Store;

    /// <summary>What metrics and traces say of every operation on the engine.</summary>
    public OperationTags Tags => _shared.Tags;

    /// <summary>The full path of the directory, or the name of the store in memory.</summary>
    public string DataSource => _settings.InMemory ? _settings.DataSource : _shared.Store.Directory;

    /// <summary>The version of this library, which is the server here.</summary>
    public static string ServerVersion { get; } = typeof(Session).Assembly.GetName().Version!.ToString(3);

    /// <summary>The transaction that BEGIN (as text or by BeginTransaction) has started; null in autocommit.</summary>
    public SessionTransaction? Transaction => _transaction is { IsActive: true } ? _transaction : null;

    private Catalogue Catalogue => Transaction?.Catalogue ?? _shared.Catalogue;

    private bool IsReadOnly => _settings.Mode == OpenMode.ReadOnly;

    /// <summary>Opens, or joins, the engine of a directory.</summary>
    /// <exception cref="LsmException">StoreLocked, NotAStore, OptionsConflict, Corruption, IoError.</exception>
    public static Session Open(SessionSettings settings, StoreRegistry registry, CancellationToken cancellationToken) =>
        new(registry.Lease(settings, cancellationToken), settings);

    /// <summary>Makes the session that of a connection, which metrics count until it ends.</summary>
    public Session ForConnection()
    {
        _isConnection = true;
        _shared.AddConnection();
        return this;
    }

    /// <summary>Parses and plans a text, or finds it in the engine's plan cache.</summary>
    /// <exception cref="LsmException">What is wrong with the text, with its place.</exception>
    public PreparedScript Prepare(string text)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _shared.Plans.Get(text, Catalogue);
    }

    /// <summary>True when the script was planned against today's schema; a stale one is prepared again.</summary>
    public bool IsCurrent(PreparedScript script) => ReferenceEquals(script.Catalogue, Catalogue);

    /// <summary>
    /// Executes one statement of a script, in the transaction when there is one, else in autocommit. Changes are done when this returns;
    /// rows are read as the source is read.
    /// </summary>
    public StatementResult Execute(PreparedScript script, int statement, ParameterSet parameters, ExecutionLimits limits)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var plan = script.PlanOf(statement, Catalogue);
        var interruption = new Interruption(limits.TimedOut, limits.Cancellation);
        try
        {
            interruption.Check();
            RefuseFullScan(plan, script, parameters);
            return plan is SelectPlan { Point: not null } point
                ? new StatementResult(point.Columns, OpenPoint(point, script, parameters), -1)
                : Dispatch(plan, script, parameters, interruption);
        }
        catch (Exception error) when (StoreErrors.TryTranslate(error, interruption, out var translated))
        {
            throw translated;
        }
    }

    /// <summary>
    /// As <see cref="Execute"/>, awaiting the shared fsync of an autocommit write, of CREATE, DROP and TRUNCATE, or of COMMIT, without holding a thread, and
    /// what works on files on a thread of the pool.
    /// </summary>
    public async ValueTask<StatementResult> ExecuteAsync(PreparedScript script, int statement, ParameterSet parameters, ExecutionLimits limits)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var plan = script.PlanOf(statement, Catalogue);
        if (plan is TransactionPlan { Verb: TransactionVerb.Commit } && Transaction is { } transaction)
        {
            await transaction.CommitAsync(limits.Cancellation).ConfigureAwait(false);
            return new StatementResult([], null, -1);
        }

        if (plan is FlushPlan or CompactPlan or CheckpointPlan or VerifyPlan)
        {
            // These wait for files as long as it takes, and files have no asynchronous way: a thread of the pool waits, for the caller's is perhaps that of a window.
            return await Task.Run(() => Execute(script, statement, parameters, limits), CancellationToken.None).ConfigureAwait(false);
        }

        var changesTables = plan is CreateTablePlan or DropTablePlan or TruncatePlan;
        if (Transaction is not null || _settings.Durability != Durability.Full || !(changesTables || plan is InsertPlan or UpdatePlan or DeletePlan))
        {
            return Execute(script, statement, parameters, limits);
        }

        var interruption = new Interruption(limits.TimedOut, limits.Cancellation);
        try
        {
            RefuseWrite(plan);
            interruption.Check();
            if (changesTables)
            {
                await _writer.ChangeTablesAsync(plan, interruption).ConfigureAwait(false);
                return Done();
            }

            RefuseFullScan(plan, script, parameters);
            var outcome = await _writer.WriteAsync(plan, script.Slots, parameters, interruption).ConfigureAwait(false);
            return Result(plan, outcome);
        }
        catch (Exception error) when (StoreErrors.TryTranslate(error, interruption, out var translated))
        {
            throw translated;
        }
    }

    /// <summary>The columns that a statement would give, which is not executed, and no rows.</summary>
    public StatementResult Describe(PreparedScript script, int statement, ParameterSet parameters)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var plan = script.PlanOf(statement, Catalogue);
        var columns = plan is SelectPlan select ? ParameterTypes.Settle(select, NewFrame(script, parameters)).Columns : plan.Columns;
        return new StatementResult(columns, columns.Count > 0 ? new RowBuffer() : null, -1);
    }

    /// <summary>
    /// The first value of the first row, without making a row source where the row is found by its key; false when the statement gives no row.
    /// The value is valid until the next execution.
    /// </summary>
    public bool TryExecuteScalar(PreparedScript script, int statement, ParameterSet parameters, ExecutionLimits limits, out SqlValue value)
    {
        var result = Execute(script, statement, parameters, limits);
        using var rows = result.Rows;
        if (rows is null || !rows.Read())
        {
            value = SqlValue.Null;
            return false;
        }

        rows.GetValue(0, out value);
        if (rows is not PointLookup)
        {
            value = value.ToOwned();
        }

        return true;
    }

    /// <summary>Starts a transaction of a level.</summary>
    public SessionTransaction Begin(IsolationLevel isolationLevel) => Begin(new TransactionTerms(isolationLevel));

    /// <summary>Starts a transaction; weaker levels than Snapshot are raised to it.</summary>
    /// <exception cref="LsmException">InvalidTransactionState when one is active.</exception>
    /// <exception cref="ArgumentException">Chaos.</exception>
    public SessionTransaction Begin(in TransactionTerms terms)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Transaction is not null)
        {
            throw new LsmException(LsmErrorCode.InvalidTransactionState, "A transaction is active on this connection", hint: "commit it or roll it back first; savepoints nest");
        }

        return _transaction = SessionTransaction.Begin(_shared, terms, _settings.Durability);
    }

    /// <summary>Tables, columns and keys for GetSchema.</summary>
    public IReadOnlyList<TableSchema> Tables() => Catalogue.Tables;

    /// <summary>Rolls an open transaction back and leaves the engine.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Transaction?.Rollback();
        if (_isConnection)
        {
            _shared.RemoveConnection();
        }

        _lease.Dispose();
    }

    private PointLookup OpenPoint(SelectPlan plan, PreparedScript script, ParameterSet parameters)
    {
        if (!_point.IsFree)
        {
            _point = new PointLookup(); // another reader of this connection still has the last one
        }

        _point.Open(plan, script.Slots, parameters, _shared.Store, Transaction?.Store);
        return _point;
    }

    private StatementResult Dispatch(StatementPlan plan, PreparedScript script, ParameterSet parameters, Interruption interruption)
    {
        RefuseWrite(plan);
        switch (plan)
        {
            case SelectPlan select:
                var context = NewContext(script, parameters, interruption, counters: null);
                var settled = ParameterTypes.Settle(select, context.Frame);
                return new StatementResult(settled.Columns, Selection.Open(settled, context), -1);
            case InsertPlan or UpdatePlan or DeletePlan:
                return Result(plan, _writer.Write(plan, script.Slots, parameters, interruption, Transaction));
            case CreateTablePlan or DropTablePlan or TruncatePlan:
                _writer.ChangeTables(plan, interruption, Transaction);
                return Done();
            case TransactionPlan verb:
                ControlTransaction(verb, interruption);
                return Done();
            case ExplainPlan explain:
                return new StatementResult(explain.Columns, Explain(explain, script, parameters, interruption), -1);
            case ShowPlan show:
                return new StatementResult(show.Columns, Listing.Run(show, Catalogue, _shared.Store, ServerVersion), -1);
            case VerifyPlan verify:
                return new StatementResult(verify.Columns, Listing.Verify(_shared.Store, interruption.Cancellation), -1);
            case FlushPlan:
                _shared.Store.Flush(interruption.Cancellation);
                return Done();
            case CompactPlan compact:
                Administration.Compact(compact, _shared.Store, interruption);
                return Done();
            case CheckpointPlan checkpoint:
                Administration.Checkpoint(checkpoint, NewContext(script, parameters, interruption, counters: null), interruption);
                return Done();
            default:
                throw new InvalidOperationException($"{plan.GetType().Name} cannot be executed.");
        }
    }

    private StatementContext NewContext(PreparedScript script, ParameterSet parameters, Interruption interruption, ScanCounters? counters)
    {
        return new StatementContext(_shared.Store, NewFrame(script, parameters)).Begin(Transaction?.Store, interruption, counters);
    }

    private RowBuffer Explain(ExplainPlan explain, PreparedScript script, ParameterSet parameters, Interruption interruption)
    {
        if (!explain.Analyze)
        {
            return Listing.Lines(explain.Lines);
        }

        var counters = new ScanCounters();
        return Explanation.Analyze(explain, counters, () =>
        {
            if (explain.Explained is not SelectPlan select)
            {
                return _writer.Write(explain.Explained, script.Slots, parameters, interruption, Transaction, counters).Affected;
            }

            using var rows = Selection.Open(select, NewContext(script, parameters, interruption, counters));
            var count = 0L;
            while (rows.Read())
            {
                count++;
            }

            return count;
        });
    }

    private void ControlTransaction(TransactionPlan plan, Interruption interruption)
    {
        if (plan.Verb == TransactionVerb.Begin)
        {
            Begin(IsolationLevel.Unspecified);
            return;
        }

        var transaction = Transaction ?? throw new LsmException(LsmErrorCode.InvalidTransactionState, "No transaction is active on this connection", hint: "start one with BEGIN");
        switch (plan.Verb)
        {
            case TransactionVerb.Commit:
                transaction.Commit(interruption.Cancellation);
                break;
            case TransactionVerb.Rollback:
                transaction.Rollback();
                break;
            case TransactionVerb.Save:
                transaction.Save(plan.Savepoint!);
                break;
            case TransactionVerb.RollbackTo:
                transaction.RollbackTo(plan.Savepoint!);
                break;
            case TransactionVerb.Release:
                transaction.Release(plan.Savepoint!);
                break;
            default:
                throw new InvalidOperationException($"{plan.Verb} cannot be executed.");
        }
    }

    private void RefuseWrite(StatementPlan plan)
    {
        if (plan.Writes && (IsReadOnly || _shared.Store.IsReadOnly))
        {
            throw new LsmException(LsmErrorCode.ReadOnly, "This connection is read-only", hint: "open it with Mode=ReadWrite");
        }

        if (plan.Writes && Transaction is { IsReadOnly: true })
        {
            throw new LsmException(LsmErrorCode.ReadOnly, "This transaction is read-only", hint: "begin it without LsmTransactionOptions.ReadOnly");
        }
    }

    private void RefuseFullScan(StatementPlan plan, PreparedScript script, ParameterSet parameters)
    {
        if (!_settings.AllowsFullScan)
        {
            FullScan.Refuse(plan, NewFrame(script, parameters));
        }
    }

    private static EvaluationFrame NewFrame(PreparedScript script, ParameterSet parameters)
    {
        var frame = new EvaluationFrame();
        frame.Bind(script.Slots, parameters);
        return frame;
    }

    private static StatementResult Done() => new([], null, -1);

    private static StatementResult Result(StatementPlan plan, WriteOutcome outcome) =>
        new(plan.Columns, outcome.Returned, (int)Math.Min(outcome.Affected, int.MaxValue));
}
