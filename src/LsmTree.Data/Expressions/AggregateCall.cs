using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>An aggregate of a select list.</summary>
/// <param name="Function">Which.</param>
/// <param name="Argument">What it is computed of; null for COUNT(*).</param>
/// <param name="Type">The type of its result: COUNT is BIGINT, SUM of integers BIGINT, AVG DOUBLE, of DECIMAL and MONEY DECIMAL, as in PostgreSQL but for the widths.</param>
internal sealed record AggregateCall(AggregateFunction Function, BoundExpression? Argument, SqlType Type)
{
    public static SqlType ResultType(AggregateFunction function, SqlType argument) => function switch
    {
        AggregateFunction.CountRows or AggregateFunction.Count => SqlType.Int64,
        AggregateFunction.Min or AggregateFunction.Max => argument,
        AggregateFunction.Sum when SqlTypes.IsInteger(argument) => SqlType.Int64,
        AggregateFunction.Avg when SqlTypes.IsDecimal(argument) => SqlType.Decimal,
        AggregateFunction.Avg when SqlTypes.IsNumeric(argument) => SqlType.Double,
        AggregateFunction.Sum when argument == SqlType.Real => SqlType.Double,
        _ => argument,
    };
}
