using LsmTree.Data.Planning;
using LsmTree.Data.Rows;

namespace LsmTree.Data.Execution;

/// <summary>DELETE: row by row, or a whole range of keys by one tombstone after its rows have been counted.</summary>
internal static class Deletion
{
    public static WriteOutcome Run(DeletePlan plan, StatementContext context)
    {
        if (plan.WritesRangeTombstone)
        {
            return new WriteOutcome(DeleteRange(plan.Access, context), null);
        }

        if (plan.Returning.IsEmpty && plan.Access is { Path: PointPath point, Residual: null } access)
        {
            return new WriteOutcome(DeletePoint(access, point, context), null);
        }

        var returned = ReturnedRows.For(plan.Returning, context);
        var affected = 0L;
        using var rows = AccessRows.Open(plan.Access, context);
        while (rows.Read())
        {
            returned?.Add(rows);
            context.Delete(rows.Key);
            affected++;
        }

        return new WriteOutcome(affected, returned?.Rows);
    }

    /// <summary>One row by its key: the key is encoded on the stack, and the row is looked for but not read.</summary>
    private static long DeletePoint(TableAccess access, PointPath point, StatementContext context)
    {
        if (access.Guard is not null && access.Guard.Test(context.Frame) != true)
        {
            return 0;
        }

        var key = new KeyWriter(stackalloc byte[KeyWriter.ScratchLength]);
        try
        {
            if (!KeyRanges.TryWritePoint(ref key, access.Table, point.Key, context.Frame) || !context.Contains(key.Written))
            {
                return 0;
            }

            context.Delete(key.Written);
            return 1;
        }
        finally
        {
            key.Dispose();
        }
    }

    private static long DeleteRange(TableAccess access, StatementContext context)
    {
        if (access.Guard is not null && access.Guard.Test(context.Frame) != true)
        {
            return 0;
        }

        var range = KeyRanges.Resolve(access.Table, (RangePath)access.Path, context.Frame);
        var count = range.IsEmpty ? 0 : Aggregation.Count(range, context);
        if (count > 0)
        {
            context.DeleteRange(range.Lower, range.Upper ?? BehindLastKey(range, context));
        }

        return count;
    }

    /// <summary>The end of a range that is open above, as only the raw table's is.</summary>
    private static byte[] BehindLastKey(in KeyRange range, StatementContext context)
    {
        using var cursor = context.CreateCursor(range);
        cursor.SeekToLast();
        return [.. cursor.Key, 0];
    }
}
