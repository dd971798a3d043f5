using LsmTree.Data.Syntax;

namespace LsmTree.Data.Expressions;

/// <summary><c>(a, b) &gt; (c, d)</c>: decided by the first pair that differs, as in PostgreSQL.</summary>
internal sealed class RowComparisonTest(BinaryOperator comparison, BoundExpression[] left, BoundExpression[] right)
    : Predicate(Operands.InputsOf(left) | Operands.InputsOf(right))
{
    public BinaryOperator Comparison => comparison;

    public IReadOnlyList<BoundExpression> Left => left;

    public IReadOnlyList<BoundExpression> Right => right;

    public override bool? Test(EvaluationFrame frame)
    {
        var byOrder = comparison is not (BinaryOperator.Equal or BinaryOperator.NotEqual);
        bool? equal = true;
        for (var i = 0; i < left.Length; i++)
        {
            left[i].Evaluate(frame, out var leftValue);
            right[i].Evaluate(frame, out var rightValue);
            var mixed = Operands.IsMixed(left[i]) || Operands.IsMixed(right[i]);
            var same = leftValue.IsNull || rightValue.IsNull ? null : Relation.Test(BinaryOperator.Equal, leftValue, rightValue, mixed);
            switch (same)
            {
                case true:
                    break;
                case false when byOrder:
                    return Relation.Test(comparison, leftValue, rightValue, mixed);
                case false:
                    return comparison == BinaryOperator.NotEqual;
                case null when byOrder:
                    return null;
                default:
                    equal = null;
                    break;
            }
        }

        return equal is null ? null : Relation.Holds(comparison, 0);
    }
}
