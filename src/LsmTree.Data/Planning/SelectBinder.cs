using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Planning;

/// <summary>From a SELECT as written to its plan.</summary>
internal sealed class SelectBinder(Catalogue catalogue, ParameterSlots slots)
{
    public SelectPlan Bind(SelectStatement statement)
    {
        var limit = BindCount(statement.Limit, "LIMIT");
        var offset = BindCount(statement.Offset, "OFFSET");
        if (statement.Cores.Count == 1)
        {
            var (core, sortKeys) = BindCore(statement.Cores[0], statement.OrderBy);
            return new SelectPlan([core], [], sortKeys, limit, offset, core.Outputs.Columns);
        }

        var cores = statement.Cores.Select(core => BindCore(core, []).Core with { At = core.At }).ToArray();
        var columns = UniteColumns(cores);
        var keys = statement.OrderBy.Select(item => new SortKey(NamedOutput(item.Expression, columns) ?? throw ExpressionBinder.Error(
            LsmErrorCode.UndefinedColumn, "After UNION, ORDER BY takes the name or number of a column of the result", item.At), item.Descending));
        return new SelectPlan([.. cores.Select(core => core.ConvertTo(columns))], statement.UnionAll, [.. keys], limit, offset, columns);
    }

    private BoundExpression? BindCount(Expression? expression, string clause)
    {
        if (expression is null)
        {
            return null;
        }

        var count = new ExpressionBinder(new BindingScope { Clause = clause }, slots).Bind(expression);
        return SqlTypes.IsNumeric(count.Type) || count.Type is SqlType.Any or SqlType.Null
            ? count
            : throw ExpressionBinder.Error(LsmErrorCode.DatatypeMismatch, $"{clause} takes a number, not {SqlTypes.NameOf(count.Type)}", expression.At);
    }

    private (CorePlan Core, IReadOnlyList<SortKey> SortKeys) BindCore(SelectCore core, IReadOnlyList<OrderItem> orderBy)
    {
        var table = core.Table is null ? null : TableBinder.Find(catalogue, core.Table);
        var aggregates = new List<AggregateCall>();
        var scope = new BindingScope { Table = table, Alias = core.Table?.Alias, Aggregates = aggregates, Clause = "the select list" };
        var outputs = OutputBinder.Bind(core.Items, new ExpressionBinder(scope, slots));
        var plain = new BindingScope { Table = table, Alias = core.Table?.Alias, Clause = "WHERE" };
        var condition = core.Where is null ? null : new ExpressionBinder(plain, slots).BindCondition(core.Where);
        if (aggregates.Count > 0)
        {
            RefuseBareColumns(outputs, core);
            CheckOrderOfOneRow(orderBy, outputs.Columns);
            return (BindAggregation(table, condition, aggregates, outputs), []);
        }

        if (table is null)
        {
            return (new CorePlan(null, condition, [], AggregateShortcut.None, outputs), BindSort(orderBy, plain, ref outputs));
        }

        var path = AccessPlanner.Plan(table, condition, ScanOrder.Ascending);
        var sortKeys = BindSort(orderBy, plain, ref outputs);
        if (KeyOrder.TryFollow(table, AccessPlanner.FixedColumns(path.Path), sortKeys, outputs, out var order))
        {
            path = path with { Order = order };
            outputs = outputs.Expressions.Count == outputs.Columns.Count ? outputs : new OutputList([.. outputs.Expressions.Take(outputs.Columns.Count)], outputs.Columns);
            sortKeys = [];
        }

        return (new CorePlan(path, null, [], AggregateShortcut.None, outputs), sortKeys);
    }

    /// <summary>Finds each ORDER BY item among the outputs, by name or number, or adds an output that only the sort sees.</summary>
    private List<SortKey> BindSort(IReadOnlyList<OrderItem> orderBy, BindingScope scope, ref OutputList outputs)
    {
        var keys = new List<SortKey>(orderBy.Count);
        if (orderBy.Count == 0)
        {
            return keys;
        }

        var expressions = outputs.Expressions.ToList();
        var binder = new ExpressionBinder(new BindingScope { Table = scope.Table, Alias = scope.Alias, Clause = "ORDER BY" }, slots);
        foreach (var item in orderBy)
        {
            if (NamedOutput(item.Expression, outputs.Columns) is { } output)
            {
                keys.Add(new SortKey(output, item.Descending));
                continue;
            }

            expressions.Add(binder.Bind(item.Expression));
            keys.Add(new SortKey(expressions.Count - 1, item.Descending));
        }

        outputs = new OutputList(expressions, outputs.Columns);
        return keys;
    }

    private static int? NamedOutput(Expression expression, IReadOnlyList<ResultColumn> columns)
    {
        switch (expression)
        {
            case LiteralExpression { Value.Type: SqlType.Int32 } number:
                var ordinal = number.Value.AsInt64();
                return ordinal >= 1 && ordinal <= columns.Count
                    ? (int)ordinal - 1
                    : throw ExpressionBinder.Error(LsmErrorCode.UndefinedColumn, $"ORDER BY {ordinal} is not in the select list, which has {columns.Count}", expression.At);
            case ColumnExpression { Table: null, Excluded: false } column:
                for (var i = 0; i < columns.Count; i++)
                {
                    if (string.Equals(columns[i].Name, column.Name, StringComparison.OrdinalIgnoreCase))
                    {
                        return i;
                    }
                }

                return null;
            default:
                return null;
        }
    }

    private static CorePlan BindAggregation(TableSchema? table, BoundExpression? condition, List<AggregateCall> aggregates, OutputList outputs)
    {
        if (table is null)
        {
            return new CorePlan(null, condition, aggregates, AggregateShortcut.None, outputs);
        }

        var access = AccessPlanner.Plan(table, condition, ScanOrder.Ascending);
        return new CorePlan(access, null, aggregates, ShortcutFor(access, aggregates), outputs);
    }

    private static AggregateShortcut ShortcutFor(TableAccess access, List<AggregateCall> aggregates)
    {
        if (access.Residual is not null || access.Path is not RangePath range)
        {
            return AggregateShortcut.None;
        }

        var next = access.Table.KeyColumns[range.Prefix.Count].Ordinal;
        return aggregates.TrueForAll(static call => call.Function == AggregateFunction.CountRows) ? AggregateShortcut.Count
            : aggregates.TrueForAll(call => call.Function is AggregateFunction.Min or AggregateFunction.Max && call.Argument is ColumnValue column && column.Ordinal == next) ? AggregateShortcut.Edges
            : AggregateShortcut.None;
    }

    private static void RefuseBareColumns(OutputList outputs, SelectCore core)
    {
        for (var i = 0; i < outputs.Expressions.Count; i++)
        {
            if (outputs.Expressions[i].Inputs.HasFlag(ExpressionInputs.Row))
            {
                var item = core.Items[Math.Min(i, core.Items.Count - 1)];
                throw ExpressionBinder.Error(LsmErrorCode.NotSupported, $"'{item.Text}' stands beside an aggregate, and GROUP BY is not supported", item.At, "read the rows, or aggregate every column");
            }
        }
    }

    private static void CheckOrderOfOneRow(IReadOnlyList<OrderItem> orderBy, IReadOnlyList<ResultColumn> columns)
    {
        foreach (var item in orderBy)
        {
            _ = NamedOutput(item.Expression, columns) ?? throw ExpressionBinder.Error(
                LsmErrorCode.UndefinedColumn, "Beside aggregates, ORDER BY takes the name or number of a column of the result", item.At);
        }
    }

    private static List<ResultColumn> UniteColumns(CorePlan[] cores)
    {
        var columns = cores[0].Outputs.Columns.ToList();
        if (Array.Find(cores, core => core.Outputs.Columns.Count != columns.Count) is { } other)
        {
            throw ExpressionBinder.Error(LsmErrorCode.Syntax, $"Each SELECT of a UNION has as many columns: here {columns.Count} and {other.Outputs.Columns.Count}", other.At);
        }

        for (var i = 0; i < columns.Count; i++)
        {
            var (number, common) = (i, CorePlan.Unite(cores, i, BranchType.Of));
            columns[i] = new ResultColumn(columns[i].Name, common, SqlTypes.NameOf(common), Array.Exists(cores, core => core.Outputs.Columns[number].Nullable));
        }

        return columns;
    }
}
