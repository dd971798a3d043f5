using Antlr4.Runtime;
using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Parsing;

/// <summary>Conditions out of parse trees; operands are <see cref="OperandBuilder"/>'s.</summary>
/// <remarks>
/// <para>A chain <c>a AND b AND c …</c> is a parse tree as deep as the chain is long, and it leans to the left. It is walked down with a loop, and built on
/// the way back. AND and OR, which do not care how they are grouped, are built balanced: a thousand of them are ten deep. Everything else
/// is as deep as it is written, and counted (<see cref="SqlLimits.ExpressionDepth"/>).</para>
/// <para>As in PostgreSQL comparisons do not chain, nor do BETWEEN, IN and LIKE: <c>a = b = c</c> is an error and not a comparison with TRUE.</para>
/// </remarks>
internal sealed class ExpressionBuilder
{
    private readonly SourceText _source;
    private readonly OperandBuilder _operands;

    public ExpressionBuilder(SourceText source, ParameterNumbering parameters)
    {
        _source = source;
        _operands = new OperandBuilder(source, parameters, this);
    }

    public Expression Build(LsmSqlParser.ExpressionContext context) => BuildValue(context, 0);

    public Expression? BuildOptional(LsmSqlParser.WhereContext? context) => context is null ? null : Build(context.expression());

    /// <summary>Builds an expression that is one value, which a row is not.</summary>
    public Expression BuildValue(LsmSqlParser.ExpressionContext context, int depth) => Value(BuildAny(context, depth), context);

    /// <summary>Builds an expression that may be a row.</summary>
    public Expression BuildAny(LsmSqlParser.ExpressionContext context, int depth)
    {
        var links = new List<Link>();
        var deepest = depth;
        var current = context;
        while (Descend(current) is { } link)
        {
            links.Add(link);
            deepest += link.Depth;
            CheckDepth(deepest, link.Contexts[0]);
            current = Left(link.Contexts[^1])!;
        }

        var result = current switch
        {
            LsmSqlParser.PlainContext plain => _operands.Build(plain.operand(), deepest),
            LsmSqlParser.NotContext not => new UnaryExpression(_source.PlaceOf(not), UnaryOperator.Not, BuildValue(not.expression(), deepest + 1)),
            _ => throw Unknown(current),
        };
        for (var i = links.Count - 1; i >= 0; i--)
        {
            deepest -= links[i].Depth;
            result = Combine(links[i], result, current, deepest + links[i].Depth);
            current = links[i].Contexts[0];
        }

        return result;
    }

    /// <summary>Refuses an expression that is as deep as its tree may be.</summary>
    public void CheckDepth(int depth, ParserRuleContext context)
    {
        if (depth > SqlLimits.ExpressionDepth)
        {
            throw _source.Error(LsmErrorCode.LimitExceeded, $"an expression has more than {SqlLimits.ExpressionDepth} operators inside each other", context.Start, "split it");
        }
    }

    public Expression Value(Expression expression, ParserRuleContext context) => expression is RowExpression
        ? throw _source.Error(LsmErrorCode.NotSupported, "A row as a value is not supported", context.Start, "compare it: (a, b) > (1, 2), or (a, b) IN ((1, 2))")
        : expression;

    /// <summary>The step from an operator to its left operand; null where there is none. A run of one of AND and OR is one step.</summary>
    private Link? Descend(LsmSqlParser.ExpressionContext context)
    {
        if (Left(context) is not { } left)
        {
            return null;
        }

        if (context is LsmSqlParser.AndContext or LsmSqlParser.OrContext)
        {
            var run = new List<LsmSqlParser.ExpressionContext> { context };
            for (; left.GetType() == context.GetType(); left = Left(left)!)
            {
                run.Add(left);
            }

            return new Link(run, int.Log2(run.Count) + 1);
        }

        if (Chains(context, left))
        {
            throw _source.Error(
                LsmErrorCode.Syntax,
                context is LsmSqlParser.CompareContext ? "comparisons do not chain" : "BETWEEN, IN and LIKE do not chain",
                Operator(context),
                "put one of them in parentheses, or write AND");
        }

        return new Link([context], 1);
    }

    private static bool Chains(LsmSqlParser.ExpressionContext context, LsmSqlParser.ExpressionContext left) => context switch
    {
        LsmSqlParser.CompareContext => left is LsmSqlParser.CompareContext,
        LsmSqlParser.BetweenContext or LsmSqlParser.InContext or LsmSqlParser.LikeContext =>
            left is LsmSqlParser.BetweenContext or LsmSqlParser.InContext or LsmSqlParser.LikeContext,
        _ => false,
    };

    private Expression Combine(Link link, Expression left, LsmSqlParser.ExpressionContext leftContext, int depth)
    {
        var context = link.Contexts[0];
        var at = _source.PlaceOf(Operator(context));
        switch (context)
        {
            case LsmSqlParser.AndContext:
                return Run(BinaryOperator.And, link.Contexts, Value(left, leftContext), depth);
            case LsmSqlParser.OrContext:
                return Run(BinaryOperator.Or, link.Contexts, Value(left, leftContext), depth);
            case LsmSqlParser.CompareContext compare:
                var right = BuildAny(compare.expression(1), depth);
                CheckSameWidth(left, right, Operator(context));
                return new BinaryExpression(at, Comparison(compare.comparison()), left, right);
            case LsmSqlParser.IsNullContext isNull:
                return new IsNullExpression(at, Value(left, leftContext), isNull.NOT() is not null);
            case LsmSqlParser.BetweenContext between:
                var bounds = between.operand();
                return new BetweenExpression(at, Value(left, leftContext), _operands.BuildValue(bounds[0], depth), _operands.BuildValue(bounds[1], depth), between.NOT() is not null);
            case LsmSqlParser.LikeContext like:
                var patterns = like.operand();
                return new LikeExpression(
                    at,
                    Value(left, leftContext),
                    _operands.BuildValue(patterns[0], depth),
                    patterns.Length > 1 ? _operands.BuildValue(patterns[1], depth) : null,
                    like.NOT() is not null);
            case LsmSqlParser.InContext @in:
                return new InExpression(at, left, Items(@in.inList(), left, depth), @in.NOT() is not null);
            default:
                throw Unknown(context);
        }
    }

    /// <summary>A run of AND or of OR, balanced. The contexts stand from the last operator to the first.</summary>
    private Expression Run(BinaryOperator @operator, List<LsmSqlParser.ExpressionContext> contexts, Expression left, int depth)
    {
        var operands = new Expression[contexts.Count + 1];
        operands[0] = left;
        for (var i = 1; i < operands.Length; i++)
        {
            operands[i] = BuildValue(((LsmSqlParser.ExpressionContext)contexts[^i].GetChild(2)), depth);
        }

        return Balanced(0, operands.Length);

        Expression Balanced(int from, int to)
        {
            if (to - from == 1)
            {
                return operands[from];
            }

            var middle = from + ((to - from + 1) / 2);
            return new BinaryExpression(_source.PlaceOf(Operator(contexts[^middle])), @operator, Balanced(from, middle), Balanced(middle, to));
        }
    }

    private Expression[] Items(LsmSqlParser.InListContext context, Expression left, int depth)
    {
        if (context.emptySelect() is { } empty)
        {
            _operands.CheckEmpty(empty);
            return [];
        }

        var contexts = context.list().expression();
        CheckCount(contexts, context);
        var items = new Expression[contexts.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = BuildAny(contexts[i], depth);
            CheckSameWidth(left, items[i], contexts[i].Start);
        }

        return items;
    }

    private void CheckCount(LsmSqlParser.ExpressionContext[] items, LsmSqlParser.InListContext context)
    {
        if (items.Length <= SqlLimits.ListItems)
        {
            return;
        }

        var most = Array.TrueForAll(items, static item => item is LsmSqlParser.PlainContext plain && plain.operand() is LsmSqlParser.ParameterOperandContext)
            ? SqlLimits.ListParameters
            : SqlLimits.ListItems;
        if (items.Length > most)
        {
            throw _source.Error(LsmErrorCode.LimitExceeded, $"an IN list has {items.Length:N0} items, and {most:N0} is the most", context.Start, "send several statements");
        }
    }

    private void CheckSameWidth(Expression left, Expression right, IToken token)
    {
        if (Width(left) != Width(right))
        {
            throw _source.Error(LsmErrorCode.Syntax, $"{Width(left)} value(s) are compared with {Width(right)}", token);
        }

        static int Width(Expression expression) => expression is RowExpression row ? row.Items.Count : 1;
    }

    private static LsmSqlParser.ExpressionContext? Left(LsmSqlParser.ExpressionContext context) => context.GetChild(0) as LsmSqlParser.ExpressionContext;

    /// <summary>The token behind the left operand.</summary>
    private static IToken Operator(LsmSqlParser.ExpressionContext context) => context.GetChild(1) switch
    {
        ParserRuleContext rule => rule.Start,
        Antlr4.Runtime.Tree.ITerminalNode terminal => terminal.Symbol,
        _ => context.Start,
    };

    private static BinaryOperator Comparison(LsmSqlParser.ComparisonContext context) => context.Start.Type switch
    {
        LsmSqlLexer.EQUAL => BinaryOperator.Equal,
        LsmSqlLexer.NOT_EQUAL => BinaryOperator.NotEqual,
        LsmSqlLexer.LESS => BinaryOperator.Less,
        LsmSqlLexer.LESS_OR_EQUAL => BinaryOperator.LessOrEqual,
        LsmSqlLexer.GREATER => BinaryOperator.Greater,
        LsmSqlLexer.GREATER_OR_EQUAL => BinaryOperator.GreaterOrEqual,
        var other => throw new InvalidOperationException($"The grammar has a comparison that the builder does not know: token {other}."),
    };

    private static InvalidOperationException Unknown(LsmSqlParser.ExpressionContext context) =>
        new($"The grammar has an expression that the builder does not know: {context.GetType().Name}.");

    /// <summary>Operators with one left operand: one of them, or a run of AND or of OR from the last to the first.</summary>
    /// <param name="Contexts">The operators.</param>
    /// <param name="Depth">How much deeper than their result their operands are.</param>
    private sealed record Link(List<LsmSqlParser.ExpressionContext> Contexts, int Depth);
}
