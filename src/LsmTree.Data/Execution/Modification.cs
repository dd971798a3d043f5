using LsmTree.Data.Planning;

namespace LsmTree.Data.Execution;

/// <summary>UPDATE. Rows are read from the moment before the statement, so a row that was changed is not met again.</summary>
/// <remarks>
/// When key columns are set, rows move: all leave their old keys before the first arrives at its new one, so that only the end of the statement
/// counts and <c>SET k = k + 1</c> works whichever way the keys are walked.
/// </remarks>
internal static class Modification
{
    public static WriteOutcome Run(UpdatePlan plan, StatementContext context)
    {
        var returned = ReturnedRows.For(plan.Returning, context);
        if (plan is { MovesRows: false, Access: { Path: PointPath point } access } && context.Counters is null)
        {
            return new WriteOutcome(ChangePoint(plan, access, point, returned, context), returned?.Rows);
        }

        using var rows = AccessRows.Open(plan.Access, context);
        var affected = plan.MovesRows ? Move(plan, rows, returned, context) : Change(plan, rows, returned, context);
        return new WriteOutcome(affected, returned?.Rows);
    }

    /// <summary>One row by its key, into and out of memory that the session keeps.</summary>
    private static long ChangePoint(UpdatePlan plan, TableAccess access, PointPath point, ReturnedRows? returned, StatementContext context)
    {
        var row = context.Found;
        var frame = context.Frame;
        frame.Row = row;
        if ((access.Guard is not null && access.Guard.Test(frame) != true)
            || !row.TryFind(access.Table, point.Key, frame, context.Store, context.Transaction)
            || (access.Residual is not null && access.Residual.Test(frame) != true))
        {
            return 0;
        }

        RowChange.Compute(access.Table, row, plan.Assignments, context.Scratch, frame);
        StoredValues.Put(access.Table, row.Key, context.Scratch.Values, context);
        returned?.Add(context.Scratch);
        return 1;
    }

    private static long Change(UpdatePlan plan, TableRows rows, ReturnedRows? returned, StatementContext context)
    {
        var table = plan.Access.Table;
        var changed = context.Scratch;
        var affected = 0L;
        while (rows.Read())
        {
            RowChange.Compute(table, rows, plan.Assignments, changed, context.Frame);
            StoredValues.Put(table, rows.Key, changed.Values, context);
            returned?.Add(changed);
            affected++;
        }

        return affected;
    }

    private static long Move(UpdatePlan plan, TableRows rows, ReturnedRows? returned, StatementContext context)
    {
        var table = plan.Access.Table;
        var moves = new List<(byte[] From, byte[] To, byte[] Row)>();
        var changed = context.Scratch;
        while (rows.Read())
        {
            RowChange.Compute(table, rows, plan.Assignments, changed, context.Frame);
            var move = (From: rows.Key.ToArray(), To: StoredValues.EncodeKey(table, changed.Values), Row: StoredValues.EncodeRow(table, changed.Values));
            context.Budget.Charge(move.From.Length + move.To.Length + move.Row.Length);
            moves.Add(move);
            returned?.Add(changed);
        }

        foreach (var move in moves)
        {
            context.Delete(move.From);
        }

        foreach (var move in moves)
        {
            if (context.Contains(move.To))
            {
                throw StoredValues.KeyExists(table, move.To);
            }

            context.Put(move.To, move.Row);
        }

        return moves.Count;
    }
}
