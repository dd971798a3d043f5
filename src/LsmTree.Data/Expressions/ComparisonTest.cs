using LsmTree.Data.Syntax;

namespace LsmTree.Data.Expressions;

/// <summary><c>a = b</c> and the other five.</summary>
internal sealed class ComparisonTest(BinaryOperator comparison, BoundExpression left, BoundExpression right) : Predicate(left.Inputs | right.Inputs)
{
    private readonly bool _mixed = Operands.IsMixed(left) || Operands.IsMixed(right);

    public BinaryOperator Comparison => comparison;

    public BoundExpression Left => left;

    public BoundExpression Right => right;

    public override bool? Test(EvaluationFrame frame)
    {
        left.Evaluate(frame, out var leftValue);
        if (leftValue.IsNull)
        {
            return null;
        }

        right.Evaluate(frame, out var rightValue);
        return rightValue.IsNull ? null : Relation.Test(comparison, leftValue, rightValue, _mixed);
    }
}
