using System.Globalization;
using System.Text;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>A bound expression as text, for EXPLAIN. Long lists are cut.</summary>
internal static class ExpressionText
{
    private const int MostItems = 8;

    public static string Of(BoundExpression expression) => expression switch
    {
        Constant constant => Literal(constant.Value),
        ParameterValue parameter => parameter.Name,
        ColumnValue column => column.Name,
        ExcludedValue excluded => "EXCLUDED." + excluded.Name,
        TextReading reading => Of(reading.Operand),
        AggregateValue => "aggregate",
        Conjunction conjunction => Join(conjunction.Terms, " AND ", "", ""),
        Disjunction disjunction => Join(disjunction.Terms, " OR ", "(", ")"),
        Complement complement => $"NOT ({Of(complement.Operand)})",
        ComparisonTest test => $"{Of(test.Left)} {Symbol(test.Comparison)} {Of(test.Right)}",
        RowComparisonTest test => $"{Row(test.Left)} {Symbol(test.Comparison)} {Row(test.Right)}",
        NullTest test => $"{Of(test.Operand)} IS {(test.Negated ? "NOT " : "")}NULL",
        RangeTest test => $"{Of(test.Operand)} BETWEEN {Of(test.Low)} AND {Of(test.High)}",
        MembershipTest test => $"{Of(test.Operand)} IN {Row(test.Items)}",
        RowMembershipTest test => $"{Row(test.Equalities[0].Left)} IN ({string.Join(", ", test.Equalities.Take(MostItems).Select(static equality => Row(equality.Right)))})",
        PatternTest test => $"{Of(test.Operand)} LIKE {Of(test.Pattern)}",
        ArithmeticChain chain => Chain(chain),
        Minus minus => "-" + Of(minus.Operand),
        TypeCast cast => $"CAST({Of(cast.Operand)} AS {SqlTypes.NameOf(cast.Type, cast.Precision, cast.Scale, cast.Length)})",
        FunctionCall call => $"{call.Function.ToString().ToUpperInvariant()}{Row(call.Arguments)}",
        Coalescence coalescence => $"COALESCE{Row(coalescence.Arguments)}",
        Choice => "CASE … END",
        _ => throw new InvalidOperationException($"{expression.GetType().Name} has no text."),
    };

    public static string Row(IReadOnlyList<BoundExpression> items) => Join(items, ", ", "(", ")");

    public static string Symbol(BinaryOperator comparison) => comparison switch
    {
        BinaryOperator.Or => "OR",
        BinaryOperator.And => "AND",
        BinaryOperator.Equal => "=",
        BinaryOperator.NotEqual => "<>",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Modulo => "%",
        BinaryOperator.Concatenate => "||",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    private static string Chain(ArithmeticChain chain)
    {
        var text = new StringBuilder(Of(chain.First));
        for (var i = 0; i < chain.Steps.Count && i < MostItems; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $" {Symbol(chain.Steps[i].Operator)} {Of(chain.Steps[i].Operand)}");
        }

        return $"({text}{(chain.Steps.Count > MostItems ? " …" : "")})";
    }

    private static string Join(IReadOnlyList<BoundExpression> items, string separator, string before, string after)
    {
        var text = string.Join(separator, items.Take(MostItems).Select(Of));
        return items.Count > MostItems ? $"{before}{text}{separator}… {items.Count - MostItems} more{after}" : before + text + after;
    }

    public static string Literal(in SqlValue value) => value.Type switch
    {
        SqlType.Null => "NULL",
        SqlType.Boolean => value.AsBoolean() ? "TRUE" : "FALSE",
        SqlType.Text => $"'{value.AsString().Replace("'", "''", StringComparison.Ordinal)}'",
        SqlType.Blob => $"X'{Convert.ToHexString(value.AsSpan())}'",
        _ when SqlTypes.IsNumeric(value.Type) => Conversion.Cast(value, SqlType.Text).AsString(),
        _ => $"{SqlTypes.NameOf(value.Type)} '{Conversion.Cast(value, SqlType.Text).AsString()}'",
    };
}
