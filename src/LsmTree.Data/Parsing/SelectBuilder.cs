using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Parsing;

/// <summary>SELECT, and the select lists of RETURNING.</summary>
internal sealed class SelectBuilder
{
    private readonly SourceText _source;
    private readonly ExpressionBuilder _expressions;

    public SelectBuilder(SourceText source, ExpressionBuilder expressions)
    {
        _source = source;
        _expressions = expressions;
    }

    public SelectStatement Build(LsmSqlParser.QueryContext context)
    {
        var cores = context.selectCore().Select(Core).ToArray();
        var orderBy = context.orderBy()?.orderItem().Select(OrderItem).ToArray() ?? [];
        var (limit, offset) = context.limits() is { } limits ? Limits(limits) : default;
        return new SelectStatement(_source.PlaceOf(context), cores, UnionAll(context), orderBy, limit, offset);
    }

    /// <param name="context">The list.</param>
    /// <param name="table">The table that <c>t.*</c> may name; null when there is none.</param>
    public IReadOnlyList<SelectItem> Items(LsmSqlParser.SelectListContext context, TableName? table) => [.. context.selectItem().Select(item => Item(item, table))];

    /// <summary>A flag for each UNION, from what stands between one SELECT and the next.</summary>
    private static bool[] UnionAll(LsmSqlParser.QueryContext context)
    {
        var flags = new List<bool>();
        foreach (var child in context.children.OfType<Antlr4.Runtime.Tree.ITerminalNode>())
        {
            if (child.Symbol.Type == LsmSqlLexer.UNION)
            {
                flags.Add(false);
            }
            else
            {
                flags[^1] = true;
            }
        }

        return [.. flags];
    }

    private SelectCore Core(LsmSqlParser.SelectCoreContext context)
    {
        var table = context.from() is { } from ? Identifiers.Table(from.tableReference(), _source) : null;
        var items = Items(context.selectList(), table);
        return new SelectCore(_source.PlaceOf(context), items, table, _expressions.BuildOptional(context.where()));
    }

    private SelectItem Item(LsmSqlParser.SelectItemContext context, TableName? table)
    {
        var at = _source.PlaceOf(context);
        if (context is LsmSqlParser.AllColumnsContext all)
        {
            CheckQualifier(all, table);
            return new SelectItem(at, null, null, "*");
        }

        var column = (LsmSqlParser.OneColumnContext)context;
        var alias = (Antlr4.Runtime.ParserRuleContext?)column.label() ?? column.bareLabel();
        return new SelectItem(at, _expressions.Build(column.expression()), alias is null ? null : Identifiers.Of(alias, _source), _source.Slice(column.expression()));
    }

    private void CheckQualifier(LsmSqlParser.AllColumnsContext context, TableName? table)
    {
        if (context.identifier() is { } identifier
            && Identifiers.Of(identifier, _source) is var name
            && !name.Equals(table?.Alias ?? table?.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw _source.Error(LsmErrorCode.UndefinedTable, $"there is no table '{name}' in this statement", identifier.Start);
        }
    }

    private OrderItem OrderItem(LsmSqlParser.OrderItemContext context) => new(_source.PlaceOf(context), _expressions.Build(context.expression()), context.DESC() is not null);

    private (Expression? Limit, Expression? Offset) Limits(LsmSqlParser.LimitsContext context)
    {
        Expression? limit = null;
        Expression? offset = null;
        foreach (var child in context.children)
        {
            switch (child)
            {
                case LsmSqlParser.LimitContext { } clause:
                    limit = clause.expression() is { } count ? _expressions.Build(count) : null;
                    break;
                case LsmSqlParser.OffsetContext { } clause:
                    offset = _expressions.Build(clause.expression());
                    break;
                default:
                    throw new InvalidOperationException($"The grammar has a limit that the builder does not know: {child.GetType().Name}.");
            }
        }

        return (limit, offset);
    }
}
