using LsmTree.Data.Expressions;

namespace LsmTree.Data.Planning;

/// <summary>Which statements read every row of a table, and the error for a connection that does not allow that (<c>Allow Full Scan=false</c>).</summary>
/// <remarks>
/// A full scan has nothing that narrows the keys. MIN and MAX of the key, which read one row, are none; nor is a SELECT that its LIMIT ends
/// early, which takes that every row that is read counts: no filter, no sort, no aggregate, no UNION that drops doubles. A LIKE narrows
/// when its pattern begins with text, which may depend on a parameter; everything else is known from the plan.
/// </remarks>
internal static class FullScan
{
    /// <exception cref="LsmException">FullScanRefused: the plan reads every row of a table.</exception>
    public static void Refuse(StatementPlan plan, EvaluationFrame frame)
    {
        if (Find(plan, frame) is not { } access)
        {
            return;
        }

        var table = access.Table.Name;
        var narrow = $"add a condition on '{access.Table.KeyColumns[0].Name}', which its key begins with";
        throw new LsmException(
            LsmErrorCode.FullScanRefused,
            $"'Allow Full Scan=false' refuses to read every row of table '{table}' ({PlanText.OfAccess(access)})",
            hint: plan switch
            {
                SelectPlan when access.Residual is null => narrow + ", or LIMIT",
                DeletePlan when access.Residual is null => narrow + $"; TRUNCATE TABLE {table} deletes all rows without reading them",
                _ => narrow,
            });
    }

    private static TableAccess? Find(StatementPlan plan, EvaluationFrame frame) => plan switch
    {
        SelectPlan select => FindIn(select, frame),
        UpdatePlan update => Find(update.Access, frame),
        DeletePlan delete => Find(delete.Access, frame),
        ExplainPlan { Analyze: true } explain => Find(explain.Explained, frame),
        _ => null,
    };

    private static TableAccess? FindIn(SelectPlan select, EvaluationFrame frame)
    {
        var endsEarly = HasLimit(select, frame) && select.SortKeys.Count == 0 && select.UnionAll.All(static all => all);
        foreach (var core in select.Cores)
        {
            if (core is { Access: { } access, Shortcut: not AggregateShortcut.Edges }
                && !(endsEarly && access.Residual is null && core.Aggregates.Count == 0)
                && Find(access, frame) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static bool HasLimit(SelectPlan select, EvaluationFrame frame)
    {
        if (select.Limit is null)
        {
            return false;
        }

        select.Limit.Evaluate(frame, out var limit);
        return !limit.IsNull;
    }

    private static TableAccess? Find(TableAccess access, EvaluationFrame frame) =>
        access.Path is RangePath { Prefix.Count: 0, Lower.Count: 0, Upper.Count: 0 } range
        && (range.Like is null || range.Like.ParsePattern(frame) is { BeginsWithText: false })
            ? access
            : null;
}
