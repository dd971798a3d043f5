using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>Comparing two values that are not NULL by one of the six operators.</summary>
/// <remarks>
/// Values of classes that do not go together (a number and a text) are an error, except when one comes from a column declared ANY: there
/// different classes live side by side, ordered by class, as in its key.
/// </remarks>
internal static class Relation
{
    /// <param name="comparison">The operator.</param>
    /// <param name="left">The left value, not NULL.</param>
    /// <param name="right">The right value, not NULL.</param>
    /// <param name="mixed">True when one of them comes from a column declared ANY.</param>
    public static bool? Test(BinaryOperator comparison, in SqlValue left, in SqlValue right, bool mixed) =>
        (mixed ? Comparison.CompareAny(left, right) : Comparison.Compare(left, right)) is { } order ? Holds(comparison, order) : null;

    public static bool Holds(BinaryOperator comparison, int order) => comparison switch
    {
        BinaryOperator.Equal => order == 0,
        BinaryOperator.NotEqual => order != 0,
        BinaryOperator.Less => order < 0,
        BinaryOperator.LessOrEqual => order <= 0,
        BinaryOperator.Greater => order > 0,
        BinaryOperator.GreaterOrEqual => order >= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    /// <summary>The operator that holds when the operands are exchanged.</summary>
    public static BinaryOperator Mirror(BinaryOperator comparison) => comparison switch
    {
        BinaryOperator.Less => BinaryOperator.Greater,
        BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperator.Greater => BinaryOperator.Less,
        BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
        _ => comparison,
    };
}
