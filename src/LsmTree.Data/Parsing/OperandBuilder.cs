using System.Globalization;
using Antlr4.Runtime;
using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Parsing;

/// <summary>What stands between comparisons: arithmetic, literals, parameters, columns, calls, CASE, CAST and parentheses.</summary>
/// <remarks>Chains are walked down with a loop, as in <see cref="ExpressionBuilder"/>, and kept as written: <c>1 - 2 - 3</c> has one meaning only.</remarks>
internal sealed class OperandBuilder
{
    private readonly SourceText _source;
    private readonly ParameterNumbering _parameters;
    private readonly ExpressionBuilder _expressions;

    public OperandBuilder(SourceText source, ParameterNumbering parameters, ExpressionBuilder expressions)
    {
        _source = source;
        _parameters = parameters;
        _expressions = expressions;
    }

    /// <summary>Builds an operand that is one value, which a row is not.</summary>
    public Expression BuildValue(LsmSqlParser.OperandContext context, int depth) => _expressions.Value(Build(context, depth), context);

    /// <summary>Builds an operand that may be a row.</summary>
    public Expression Build(LsmSqlParser.OperandContext context, int depth)
    {
        var chain = new Stack<LsmSqlParser.OperandContext>();
        var current = context;
        for (; current.GetChild(0) is LsmSqlParser.OperandContext left; current = left)
        {
            chain.Push(current);
            _expressions.CheckDepth(depth + chain.Count, current);
        }

        var result = Primary(current, depth + chain.Count);
        while (chain.TryPop(out var link))
        {
            var sign = ((Antlr4.Runtime.Tree.ITerminalNode)link.GetChild(1)).Symbol;
            var right = BuildValue((LsmSqlParser.OperandContext)link.GetChild(2), depth + chain.Count + 1);
            result = new BinaryExpression(_source.PlaceOf(sign), Operator(sign), _expressions.Value(result, current), right);
        }

        return result;
    }

    /// <summary>Refuses what looks like Dapper's empty list and is not empty.</summary>
    public void CheckEmpty(LsmSqlParser.EmptySelectContext context)
    {
        if (context.parameter() is { } parameter)
        {
            _parameters.Add(parameter);
        }

        var sides = context.INTEGER();
        if (sides[0].GetText().TrimStart('0') == sides[1].GetText().TrimStart('0'))
        {
            var (subject, hint) = Refusals.Subquery;
            throw _source.Error(LsmErrorCode.NotSupported, $"{subject} is not supported", context.Start, hint);
        }
    }

    private Expression Primary(LsmSqlParser.OperandContext context, int depth)
    {
        var at = _source.PlaceOf(context);
        switch (context)
        {
            case LsmSqlParser.LiteralOperandContext literal:
                return Literals.Of(literal.literal(), _source);
            case LsmSqlParser.ParameterOperandContext parameter:
                return _parameters.Add(parameter.parameter());
            case LsmSqlParser.NamedOperandContext named:
                return Named(named.named(), depth + 1);
            case LsmSqlParser.CaseOperandContext @case:
                return Case(@case.@case(), depth + 1);
            case LsmSqlParser.CastOperandContext { } operand when operand.cast() is var cast:
                return new CastExpression(at, _expressions.BuildValue(cast.expression(), depth + 1), TypeNames.Of(cast.typeName(), _source));
            case LsmSqlParser.ParenthesesContext parentheses:
                var inner = parentheses.list().expression();
                return inner.Length == 1 ? _expressions.BuildAny(inner[0], depth) : new RowExpression(at, Values(inner, depth + 1));
            case LsmSqlParser.SignedContext signed:
                return Signed(signed, depth + 1);
            default:
                throw new InvalidOperationException($"The grammar has an operand that the builder does not know: {context.GetType().Name}.");
        }
    }

    /// <summary>A column, a function, or a typed literal.</summary>
    private Expression Named(LsmSqlParser.NamedContext context, int depth)
    {
        if (context.STRING() is not null)
        {
            return Literals.Typed(context, _source);
        }

        var at = _source.PlaceOf(context);
        var names = context.identifier();
        var name = Identifiers.Of(names[0], _source);
        if (context.arguments() is { } arguments)
        {
            return new FunctionExpression(at, name.ToUpperInvariant(), Values(arguments.list()?.expression() ?? [], depth), arguments.STAR() is not null);
        }

        if (names.Length == 1)
        {
            return new ColumnExpression(at, name, false);
        }

        var column = Identifiers.Of(names[1], _source);
        return name.Equals("EXCLUDED", StringComparison.OrdinalIgnoreCase)
            ? new ColumnExpression(at, column, true)
            : new ColumnExpression(at, column, false, name);
    }

    /// <summary>CASE. Its expressions are told apart by the word before them.</summary>
    private CaseExpression Case(LsmSqlParser.CaseContext context, int depth)
    {
        Expression? operand = null;
        Expression? otherwise = null;
        var whens = new List<WhenClause>();
        for (var i = 1; i < context.ChildCount; i++)
        {
            switch (context.GetChild(i))
            {
                case LsmSqlParser.WhenClauseContext clause:
                    whens.Add(new WhenClause(_expressions.BuildValue(clause.expression(0), depth), _expressions.BuildValue(clause.expression(1), depth)));
                    break;
                case LsmSqlParser.ExpressionContext expression when i == 1:
                    operand = _expressions.BuildValue(expression, depth);
                    break;
                case LsmSqlParser.ExpressionContext expression:
                    otherwise = _expressions.BuildValue(expression, depth);
                    break;
                default:
                    // ELSE and END.
                    break;
            }
        }

        return new CaseExpression(_source.PlaceOf(context), operand, whens, otherwise);
    }

    private Expression Signed(LsmSqlParser.SignedContext context, int depth)
    {
        var sign = context.Start;
        if (context.operand() is LsmSqlParser.LiteralOperandContext literal && Literals.Signed(sign, literal.literal(), _source) is { } number)
        {
            return number;
        }

        _expressions.CheckDepth(depth, context);
        return new UnaryExpression(_source.PlaceOf(sign), sign.Type == LsmSqlLexer.MINUS ? UnaryOperator.Negate : UnaryOperator.Plus, BuildValue(context.operand(), depth));
    }

    private Expression[] Values(LsmSqlParser.ExpressionContext[] contexts, int depth) =>
        Array.ConvertAll(contexts, context => _expressions.BuildValue(context, depth));

    private static BinaryOperator Operator(IToken sign) => sign.Type switch
    {
        LsmSqlLexer.PLUS => BinaryOperator.Add,
        LsmSqlLexer.MINUS => BinaryOperator.Subtract,
        LsmSqlLexer.STAR => BinaryOperator.Multiply,
        LsmSqlLexer.SLASH => BinaryOperator.Divide,
        LsmSqlLexer.PERCENT => BinaryOperator.Modulo,
        LsmSqlLexer.CONCATENATE => BinaryOperator.Concatenate,
        _ => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The grammar has an operator that the builder does not know: token {sign.Type}.")),
    };
}
