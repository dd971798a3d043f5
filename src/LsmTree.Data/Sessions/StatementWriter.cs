using LsmTree.Data.Execution;
using LsmTree.Data.Expressions;
using LsmTree.Data.Planning;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Sessions;

/// <summary>Makes a writing statement atomic: inside a transaction it is undone as a whole when it fails; in autocommit it is a transaction, or a batch, of its own.</summary>
/// <remarks>
/// An autocommit statement that reads before it writes is optimistic like any transaction. When another one commits first, it is run again, here,
/// because nobody else can know that nothing else depends on what it read. A strict INSERT of one row needs less: the store inserts what is
/// absent by itself. After <see cref="MostAttempts"/> the conflict is the caller's.
/// </remarks>
internal sealed class StatementWriter(SharedStore shared, Durability durability)
{
    private const int MostAttempts = 32;

    private readonly StatementContext _context = new(shared.Store, new EvaluationFrame());
    private readonly WriteBatch _batch = new();

    /// <summary>Executes INSERT, UPDATE or DELETE.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="slots">The parameters of the text.</param>
    /// <param name="parameters">The parameters of the command.</param>
    /// <param name="interruption">What may end it.</param>
    /// <param name="transaction">The session's transaction; null in autocommit.</param>
    /// <param name="counters">Counts for EXPLAIN ANALYZE; null otherwise.</param>
    public WriteOutcome Write(
        StatementPlan plan, ParameterSlots slots, ParameterSet parameters, Interruption interruption, SessionTransaction? transaction, ScanCounters? counters = null)
    {
        _context.Frame.Bind(slots, parameters);
        if (transaction is not null)
        {
            return WriteWithin(transaction, plan, interruption, counters);
        }

        if (IsBlind(plan))
        {
            var written = FillBatch(plan, interruption);
            shared.Store.Write(_batch, durability, interruption.Cancellation);
            return written;
        }

        if (IsLoneInsert(plan) && counters is null)
        {
            return InsertAlone(plan, interruption);
        }

        for (var attempt = 1; ; attempt++)
        {
            using var own = shared.Store.BeginTransaction();
            try
            {
                var outcome = Run(plan, _context.Begin(own, interruption, counters));
                if (own.WriteCount > 0)
                {
                    own.Commit(durability, interruption.Cancellation);
                }

                return outcome;
            }
            catch (ConflictException) when (attempt < MostAttempts)
            {
                interruption.Check();
            }
        }
    }

    /// <summary>As <see cref="Write"/> in autocommit, waiting for the shared fsync without holding a thread.</summary>
    public async ValueTask<WriteOutcome> WriteAsync(StatementPlan plan, ParameterSlots slots, ParameterSet parameters, Interruption interruption)
    {
        _context.Frame.Bind(slots, parameters);
        if (IsBlind(plan))
        {
            var written = FillBatch(plan, interruption);
            await shared.Store.WriteAsync(_batch, durability, interruption.Cancellation).ConfigureAwait(false);
            return written;
        }

        for (var attempt = 1; ; attempt++)
        {
            using var own = shared.Store.BeginTransaction();
            try
            {
                var outcome = Run(plan, _context.Begin(own, interruption, counters: null));
                if (own.WriteCount > 0)
                {
                    await own.CommitAsync(durability, interruption.Cancellation).ConfigureAwait(false);
                }

                return outcome;
            }
            catch (ConflictException) when (attempt < MostAttempts)
            {
                interruption.Check();
            }
            catch (TransactionTooLargeException) when (IsLoneInsert(plan))
            {
                // A transaction holds a row twice, and this one fits only once: a thread of the pool inserts it, and waits.
                own.Dispose();
                return await Task.Run(() => InsertAlone(plan, interruption), CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Executes CREATE, DROP or TRUNCATE.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="interruption">What may end the wait for room.</param>
    /// <param name="transaction">The session's transaction; null in autocommit.</param>
    public void ChangeTables(StatementPlan plan, Interruption interruption, SessionTransaction? transaction)
    {
        if (transaction is not null)
        {
            ChangeTablesWithin(transaction, plan);
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            using var own = shared.Store.BeginTransaction();
            try
            {
                var changed = ApplyDefinition(plan, Catalogue.Load(own), own);
                if (own.WriteCount > 0)
                {
                    shared.Commit(own, changed, durability, interruption.Cancellation);
                }

                shared.Publish(changed); // IF NOT EXISTS may have met a table that is visible, but not everybody's yet
                return;
            }
            catch (ConflictException) when (attempt < MostAttempts)
            {
                interruption.Check(); // somebody else created or dropped a table meanwhile: look again
            }
        }
    }

    /// <summary>As <see cref="ChangeTables"/> in autocommit, waiting for the shared fsync without holding a thread.</summary>
    public async ValueTask ChangeTablesAsync(StatementPlan plan, Interruption interruption)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var own = shared.Store.BeginTransaction();
            try
            {
                var changed = ApplyDefinition(plan, Catalogue.Load(own), own);
                if (own.WriteCount > 0)
                {
                    await shared.CommitAsync(own, changed, durability, interruption.Cancellation).ConfigureAwait(false);
                }

                shared.Publish(changed);
                return;
            }
            catch (ConflictException) when (attempt < MostAttempts)
            {
                interruption.Check();
            }
        }
    }

    private static void ChangeTablesWithin(SessionTransaction transaction, StatementPlan plan)
    {
        var savepoint = transaction.Store.CreateSavepoint();
        var isDone = false;
        try
        {
            var changed = ApplyDefinition(plan, transaction.Catalogue, transaction.Store);
            if (!ReferenceEquals(changed, transaction.Catalogue))
            {
                transaction.ChangeTables(changed);
            }

            isDone = true;
        }
        finally
        {
            UndoUnless(isDone, transaction.Store, savepoint);
        }
    }

    private WriteOutcome WriteWithin(SessionTransaction transaction, StatementPlan plan, Interruption interruption, ScanCounters? counters)
    {
        var savepoint = transaction.Store.CreateSavepoint();
        var isDone = false;
        try
        {
            var outcome = Run(plan, _context.Begin(transaction.Store, interruption, counters));
            isDone = true;
            return outcome;
        }
        finally
        {
            UndoUnless(isDone, transaction.Store, savepoint);
        }
    }

    private WriteOutcome FillBatch(StatementPlan plan, Interruption interruption)
    {
        _batch.Clear();
        return Run(plan, _context.Begin(_batch, interruption));
    }

    private static void UndoUnless(bool isDone, StoreTransaction transaction, StoreSavepoint savepoint)
    {
        if (!isDone && transaction.IsActive)
        {
            transaction.RollbackTo(savepoint);
        }
    }

    private WriteOutcome InsertAlone(StatementPlan plan, Interruption interruption) =>
        Insertion.RunAlone((InsertPlan)plan, durability, _context.Begin(transaction: null, interruption, counters: null));

    private static bool IsLoneInsert(StatementPlan plan) => plan is InsertPlan { Conflict: ConflictAction.Fail, Rows.Count: 1 };

    private static bool IsBlind(StatementPlan plan) => plan is InsertPlan { Conflict: ConflictAction.Overwrite };

    private static WriteOutcome Run(StatementPlan plan, StatementContext context) => plan switch
    {
        InsertPlan insert => Insertion.Run(insert, context),
        UpdatePlan update => Modification.Run(update, context),
        DeletePlan delete => Deletion.Run(delete, context),
        _ => throw new InvalidOperationException($"{plan.GetType().Name} changes no rows."),
    };

    private static Catalogue ApplyDefinition(StatementPlan plan, Catalogue catalogue, StoreTransaction transaction)
    {
        switch (plan)
        {
            case CreateTablePlan { IfNotExists: true } create when catalogue.TryFind(create.Table.Name, out _):
                return catalogue;
            case CreateTablePlan create:
                return catalogue.CreateTable(transaction, create.Table, out _);
            case DropTablePlan { IfExists: true } drop when !catalogue.TryFind(drop.Table, out _):
                return catalogue;
            case DropTablePlan drop:
                return catalogue.DropTable(transaction, Present(catalogue, drop.Table));
            case TruncatePlan truncate:
                Catalogue.DeleteRows(transaction, Present(catalogue, truncate.Table.Name));
                return catalogue;
            default:
                throw new InvalidOperationException($"{plan.GetType().Name} changes no tables.");
        }
    }

    /// <summary>The table as the transaction sees it, which may have gone since the statement was planned.</summary>
    private static TableSchema Present(Catalogue catalogue, string name) =>
        catalogue.TryFind(name, out var table)
            ? table
            : throw new LsmException(LsmErrorCode.UndefinedTable, $"There is no table '{name}': it has been dropped meanwhile");
}
