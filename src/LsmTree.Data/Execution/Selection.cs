using LsmTree.Data.Planning;

namespace LsmTree.Data.Execution;

/// <summary>From the plan of a SELECT to its rows: operators, one around the other.</summary>
internal static class Selection
{
    public static IRowSource Open(SelectPlan plan, StatementContext context)
    {
        var limit = context.EvaluateCount(plan.Limit, long.MaxValue, "LIMIT");
        var offset = context.EvaluateCount(plan.Offset, 0, "OFFSET");
        if (plan.Cores.Any(static core => core.UsesParametersPerRow))
        {
            context.Frame.DetachParameters();
        }

        var use = plan.SortKeys.Count > 0 ? RowUse.AtOnce : RowUse.Later;
        var rows = plan.Cores.Count == 1 ? OpenCore(plan.Cores[0], use, context) : Unite(plan, use, context);
        if (plan.SortKeys.Count > 0)
        {
            var wanted = limit > long.MaxValue - offset ? long.MaxValue : limit + offset;
            rows = SortedRows.Sort(rows, plan.Cores[0].Outputs.Expressions.Count, plan.SortKeys, wanted, context.Budget);
        }

        return plan.Limit is null && plan.Offset is null ? rows : new LimitedRows(rows, limit, offset);
    }

    private static IRowSource OpenCore(CorePlan core, RowUse use, StatementContext context)
    {
        if (core.Aggregates.Count > 0)
        {
            return Aggregation.Run(core, context);
        }

        IRowSource rows = core.Access is null
            ? new OneRow(core.Guard is null || core.Guard.Test(context.Frame) == true)
            : AccessRows.Open(core.Access, context, use);
        return core.Outputs.AreFirstColumns ? rows
            : core.Outputs.PlainOrdinals is { } ordinals ? new SelectedColumns(rows, ordinals)
            : new ComputedColumns(rows, core.Outputs.Expressions, context.Frame);
    }

    private static UnitedRows Unite(SelectPlan plan, RowUse use, StatementContext context)
    {
        var sources = new List<IRowSource>(plan.Cores.Count);
        var moment = plan.Cores.Count(static core => core.Access is not null) > 1 ? context.HoldMoment() : null;
        try
        {
            foreach (var core in plan.Cores)
            {
                // Each has its own present row, so each needs a frame of its own.
                sources.Add(OpenCore(core, use, context.WithFrame(context.Frame.Fork())));
            }
        }
        finally
        {
            if (sources.Count < plan.Cores.Count)
            {
                sources.ForEach(static source => source.Dispose());
                moment?.Dispose();
            }
        }

        var lastDistinct = plan.UnionAll.Count - 1;
        while (lastDistinct >= 0 && plan.UnionAll[lastDistinct])
        {
            lastDistinct--;
        }

        return new UnitedRows(sources, lastDistinct < 0 ? 0 : lastDistinct + 2, plan.Columns.Count, moment, context.Budget);
    }
}
