using LsmTree.Data.Expressions;
using LsmTree.Data.Planning;
using LsmTree.Data.Rows;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>INSERT in its four tempers: strict, overwriting, keeping what is there, changing what is there.</summary>
internal static class Insertion
{
    public static WriteOutcome Run(InsertPlan plan, StatementContext context)
    {
        var returned = ReturnedRows.For(plan.Returning, context);
        var affected = 0L;
        for (var i = 0; i < plan.Rows.Count; i++)
        {
            Propose(plan.Table, plan.Rows[i], context.Scratch, context.Frame);
            affected += Store(plan, context.Scratch, returned, context) ? 1 : 0;
            if (i % Interruption.RowsBetweenChecks == 0)
            {
                context.Interruption.Check();
            }
        }

        return new WriteOutcome(affected, returned?.Rows);
    }

    /// <summary>A strict INSERT of one row in autocommit: the store itself refuses a key that is there.</summary>
    public static WriteOutcome RunAlone(InsertPlan plan, Durability durability, StatementContext context)
    {
        var proposed = context.Scratch;
        Propose(plan.Table, plan.Rows[0], proposed, context.Frame);
        var returned = ReturnedRows.For(plan.Returning, context);
        returned?.Add(proposed);
        return StoredValues.TryInsert(plan.Table, proposed.Values, durability, context)
            ? new WriteOutcome(1, returned?.Rows)
            : throw StoredValues.KeyExists(plan.Table, proposed.Values);
    }

    /// <summary>Computes the values of one row of VALUES.</summary>
    public static void Propose(TableSchema table, BoundExpression?[] row, ValueRow proposed, EvaluationFrame frame)
    {
        proposed.Reset(table.Columns.Count);
        for (var i = 0; i < row.Length; i++)
        {
            var computed = SqlValue.Null;
            row[i]?.Evaluate(frame, out computed);
            StoredValues.Assign(table, table.Columns[i], computed, out proposed.Values[i]);
        }
    }

    private static bool Store(InsertPlan plan, ValueRow proposed, ReturnedRows? returned, StatementContext context)
    {
        var key = new KeyWriter(stackalloc byte[KeyWriter.ScratchLength]);
        try
        {
            plan.Table.Shape.WriteKey(ref key, proposed.Values);
            if (plan.Conflict != ConflictAction.Overwrite && context.Contains(key.Written))
            {
                return plan.Conflict switch
                {
                    ConflictAction.DoNothing => false,
                    ConflictAction.DoUpdate => Change(plan, key.Written, proposed, returned, context),
                    _ => throw StoredValues.KeyExists(plan.Table, proposed.Values),
                };
            }

            StoredValues.Put(plan.Table, key.Written, proposed.Values, context);
            returned?.Add(proposed);
            return true;
        }
        finally
        {
            key.Dispose();
        }
    }

    private static bool Change(InsertPlan plan, ReadOnlySpan<byte> key, ValueRow proposed, ReturnedRows? returned, StatementContext context)
    {
        using var existing = new KeyLookups(plan.Table, [key.ToArray()], residual: null, context);
        if (!existing.Read())
        {
            throw new InvalidOperationException("The row was there a moment ago, and nobody else writes in this transaction.");
        }

        context.Frame.Excluded = proposed;
        var changed = new ValueRow();
        RowChange.Compute(plan.Table, existing, plan.ConflictAssignments, changed, context.Frame);
        StoredValues.Put(plan.Table, key, changed.Values, context);
        returned?.Add(changed);
        return true;
    }
}
