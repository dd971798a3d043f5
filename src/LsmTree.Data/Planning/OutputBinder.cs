using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Planning;

/// <summary>Select lists and RETURNING: <c>*</c> is spelled out, every output gets a column that describes it.</summary>
internal static class OutputBinder
{
    public static OutputList Bind(IReadOnlyList<SelectItem> items, ExpressionBinder binder)
    {
        var table = binder.Scope.Table;
        var expressions = new List<BoundExpression>(items.Count);
        var columns = new List<ResultColumn>(items.Count);
        foreach (var item in items)
        {
            if (item.Expression is null)
            {
                foreach (var column in table?.Columns ?? throw ExpressionBinder.Error(LsmErrorCode.Syntax, "SELECT * needs a table", item.At, "add FROM"))
                {
                    expressions.Add(new ColumnValue(column.Ordinal, column.Type, column.Name));
                    columns.Add(Describe(column, table, column.Name));
                }

                continue;
            }

            var expression = binder.Bind(item.Expression);
            expressions.Add(expression);
            columns.Add(expression is ColumnValue value
                ? Describe(table!.Columns[value.Ordinal], table, item.Alias ?? value.Name)
                : Describe(expression, item));
        }

        return new OutputList(expressions, columns);
    }

    private static ResultColumn Describe(ColumnSchema column, TableSchema table, string name) => new(
        name,
        column.Type,
        SqlTypes.NameOf(column.Type, column.Precision, column.Scale, column.Length),
        column.Nullable,
        table.Name,
        column.Name,
        column.IsKey,
        column.Precision,
        column.Scale,
        column.Length);

    private static ResultColumn Describe(BoundExpression expression, SelectItem item)
    {
        var cast = (item.Expression as CastExpression)?.Type;
        return new ResultColumn(
            item.Alias ?? item.Text,
            expression.Type,
            SqlTypes.NameOf(expression.Type, cast?.Precision ?? 0, cast?.Scale ?? 0, cast?.Length ?? 0),
            Nullable: expression is not Constant { Value.IsNull: false },
            Precision: cast?.Precision ?? 0,
            Scale: cast?.Scale ?? 0,
            Length: cast?.Length ?? 0);
    }
}
