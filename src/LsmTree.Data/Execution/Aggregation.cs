using LsmTree.Data.Expressions;
using LsmTree.Data.Planning;
using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>Computes the aggregates of a SELECT, from keys alone where the plan says so, and with them its one row.</summary>
internal static class Aggregation
{
    public static RowBuffer Run(CorePlan core, StatementContext context)
    {
        var accumulators = new Accumulator[core.Aggregates.Count];
        for (var i = 0; i < accumulators.Length; i++)
        {
            accumulators[i] = new Accumulator(core.Aggregates[i]);
        }

        switch (core.Shortcut)
        {
            case AggregateShortcut.Count:
                CountKeys(core.Access!, accumulators, context);
                break;
            case AggregateShortcut.Edges:
                ReadEdges(core, accumulators, context);
                break;
            default:
                ReadRows(core, accumulators, context);
                break;
        }

        return Finish(core, accumulators, context.Frame);
    }

    /// <summary>Counts the keys of a range.</summary>
    public static long Count(in KeyRange range, StatementContext context)
    {
        using var cursor = context.CreateCursor(range);
        cursor.SeekToFirst();
        var count = cursor.CountRemaining();
        if (context.Counters is { } counters)
        {
            counters.RowsRead += count;
        }

        return count;
    }

    private static void CountKeys(TableAccess access, Accumulator[] accumulators, StatementContext context)
    {
        if (access.Guard is not null && access.Guard.Test(context.Frame) != true)
        {
            return;
        }

        var range = KeyRanges.Resolve(access.Table, (RangePath)access.Path, context.Frame);
        var count = range.IsEmpty ? 0 : Count(range, context);
        foreach (var accumulator in accumulators)
        {
            accumulator.AddRows(count);
        }
    }

    private static void ReadEdges(CorePlan core, Accumulator[] accumulators, StatementContext context)
    {
        using var moment = accumulators.Length > 1 ? context.HoldMoment() : null;
        for (var i = 0; i < accumulators.Length; i++)
        {
            var order = core.Aggregates[i].Function == AggregateFunction.Min ? ScanOrder.Ascending : ScanOrder.Descending;
            using var rows = AccessRows.Open(core.Access! with { Order = order }, context);
            if (rows.Read())
            {
                accumulators[i].Add(context.Frame);
            }
        }
    }

    private static void ReadRows(CorePlan core, Accumulator[] accumulators, StatementContext context)
    {
        using IRowSource rows = core.Access is null ? new OneRow(core.Guard is null || core.Guard.Test(context.Frame) == true) : AccessRows.Open(core.Access, context);
        while (rows.Read())
        {
            foreach (var accumulator in accumulators)
            {
                accumulator.Add(context.Frame);
            }
        }
    }

    private static RowBuffer Finish(CorePlan core, Accumulator[] accumulators, EvaluationFrame frame)
    {
        frame.Aggregates = Array.ConvertAll(accumulators, static accumulator => accumulator.Finish());
        var row = new SqlValue[core.Outputs.Expressions.Count];
        for (var i = 0; i < row.Length; i++)
        {
            core.Outputs.Expressions[i].Evaluate(frame, out row[i]);
        }

        var rows = new RowBuffer();
        rows.Add(row);
        return rows;
    }
}
