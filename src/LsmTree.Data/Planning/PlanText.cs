using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Planning;

/// <summary>A plan as lines that a person can read: what EXPLAIN gives.</summary>
internal static class PlanText
{
    public static IReadOnlyList<ResultColumn> Columns { get; } =
    [
        new ResultColumn("step", SqlType.Text, SqlTypes.NameOf(SqlType.Text), Nullable: false),
        new ResultColumn("detail", SqlType.Text, SqlTypes.NameOf(SqlType.Text), Nullable: false),
    ];

    public static IReadOnlyList<PlanLine> Describe(StatementPlan plan)
    {
        var lines = new List<PlanLine>();
        switch (plan)
        {
            case SelectPlan select:
                DescribeSelect(select, lines);
                break;
            case InsertPlan insert:
                lines.Add(new PlanLine("insert", $"{insert.Rows.Count} row{(insert.Rows.Count == 1 ? "" : "s")} into {insert.Table.Name}"));
                lines.Add(new PlanLine("conflict", ConflictText(insert.Conflict)));
                break;
            case UpdatePlan update:
                lines.Add(new PlanLine("update", $"{update.Access.Table.Name}: {string.Join(", ", update.Assignments.Select(static one => one.Column.Name))}{(update.MovesRows ? " (moves rows)" : "")}"));
                DescribeAccess(update.Access, lines);
                break;
            case DeletePlan delete:
                lines.Add(new PlanLine("delete", delete.WritesRangeTombstone ? $"{delete.Access.Table.Name}: one range tombstone" : delete.Access.Table.Name));
                DescribeAccess(delete.Access, lines);
                break;
            default:
                throw new ArgumentException($"{plan.GetType().Name} has no description.", nameof(plan));
        }

        return lines;
    }

    /// <summary>How a table is read, in one line.</summary>
    public static string OfAccess(TableAccess access)
    {
        var lines = new List<PlanLine>();
        DescribeAccess(access, lines);
        return string.Join(", ", lines.Select(static line => $"{line.Step}: {line.Detail}"));
    }

    private static void DescribeSelect(SelectPlan select, List<PlanLine> lines)
    {
        for (var i = 0; i < select.Cores.Count; i++)
        {
            if (i > 0)
            {
                lines.Add(new PlanLine("union", select.UnionAll[i - 1] ? "all" : "distinct"));
            }

            DescribeCore(select.Cores[i], lines);
        }

        if (select.SortKeys.Count > 0)
        {
            lines.Add(new PlanLine("sort", string.Join(", ", select.SortKeys.Select(key => NameOf(select, key) + (key.Descending ? " DESC" : "")))));
        }

        AddCount("limit", select.Limit, lines);
        AddCount("offset", select.Offset, lines);
    }

    private static void DescribeCore(CorePlan core, List<PlanLine> lines)
    {
        if (core.Access is null)
        {
            lines.Add(new PlanLine("access", "one row of constants"));
            AddCondition("guard", core.Guard, lines);
        }
        else
        {
            DescribeAccess(core.Access, lines);
        }

        if (core.Aggregates.Count > 0)
        {
            lines.Add(new PlanLine("aggregate", core.Shortcut switch
            {
                AggregateShortcut.Count => "count of keys",
                AggregateShortcut.Edges => "first and last key",
                _ => "of the rows",
            }));
        }
    }

    private static void DescribeAccess(TableAccess access, List<PlanLine> lines)
    {
        var name = access.Table.Name;
        switch (access.Path)
        {
            case EmptyPath:
                lines.Add(new PlanLine("access", "nothing: the condition never holds"));
                return;
            case PointPath point:
                lines.Add(new PlanLine("access", $"point of {name}"));
                lines.Add(new PlanLine("key", string.Join(" AND ", point.Key.Select((value, i) => $"{access.Table.KeyColumns[i].Name} = {ExpressionText.Of(value)}"))));
                break;
            case MultiPointPath points:
                lines.Add(new PlanLine("access", $"{points.Keys.Count} points of {name}{Direction(access.Order)}"));
                break;
            case RangePath { IsWholeTable: true }:
                lines.Add(new PlanLine("access", $"all of {name}{Direction(access.Order)}"));
                break;
            case RangePath range:
                lines.Add(new PlanLine("access", $"range of {name}{Direction(access.Order)}"));
                var prefix = range.Prefix.Select((value, i) => $"{access.Table.KeyColumns[i].Name} = {ExpressionText.Of(value)}");
                lines.Add(new PlanLine("key", RangeText(prefix, range, access.Table.KeyColumns)));
                break;
            case MultiRangePath ranges:
                lines.Add(new PlanLine("access", $"{ranges.Prefixes.Count} ranges of {name}{Direction(access.Order)}"));
                lines.Add(new PlanLine("key", RangeText(ranges.Terms.Select(ExpressionText.Of), ranges.RangeOf(0), access.Table.KeyColumns)));
                break;
        }

        AddCondition("guard", access.Guard, lines);
        AddCondition("filter", access.Residual, lines);
    }

    private static string RangeText(IEnumerable<string> prefix, RangePath range, IReadOnlyList<ColumnSchema> key)
    {
        var parts = prefix.ToList();
        parts.AddRange(range.Lower.Select(bound => BoundText(bound, ">", key, range.Prefix.Count)));
        parts.AddRange(range.Upper.Select(bound => BoundText(bound, "<", key, range.Prefix.Count)));
        if (range.Like is not null)
        {
            parts.Add(ExpressionText.Of(range.Like));
        }

        return string.Join(" AND ", parts);
    }

    private static string BoundText(KeyBound bound, string symbol, IReadOnlyList<ColumnSchema> key, int from)
    {
        var comparison = bound.Inclusive ? symbol + "=" : symbol;
        return bound.Values.Count == 1
            ? $"{key[from].Name} {comparison} {ExpressionText.Of(bound.Values[0])}"
            : $"({string.Join(", ", key.Skip(from).Take(bound.Values.Count).Select(static column => column.Name))}) {comparison} {ExpressionText.Row(bound.Values)}";
    }

    private static string NameOf(SelectPlan select, SortKey key) => key.Output < select.Columns.Count
        ? select.Columns[key.Output].Name
        : ExpressionText.Of(select.Cores[0].Outputs.Expressions[key.Output]);

    private static string Direction(ScanOrder order) => order == ScanOrder.Descending ? ", descending" : "";

    private static string ConflictText(ConflictAction action) => action switch
    {
        ConflictAction.Fail => "an existing key is an error",
        ConflictAction.Overwrite => "overwrite without a read",
        ConflictAction.DoNothing => "keep the existing row",
        ConflictAction.DoUpdate => "change the existing row",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    private static void AddCondition(string step, BoundExpression? condition, List<PlanLine> lines)
    {
        if (condition is not null)
        {
            lines.Add(new PlanLine(step, ExpressionText.Of(condition)));
        }
    }

    private static void AddCount(string step, BoundExpression? count, List<PlanLine> lines)
    {
        if (count is not null)
        {
            lines.Add(new PlanLine(step, ExpressionText.Of(count)));
        }
    }
}
