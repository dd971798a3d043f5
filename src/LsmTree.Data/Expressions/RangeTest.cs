using LsmTree.Data.Syntax;

namespace LsmTree.Data.Expressions;

/// <summary><c>a BETWEEN low AND high</c>, which is <c>a &gt;= low AND a &lt;= high</c> with one evaluation of <c>a</c>.</summary>
internal sealed class RangeTest(BoundExpression operand, BoundExpression low, BoundExpression high) : Predicate(Operands.InputsOf(operand, low, high))
{
    private readonly bool _mixed = Operands.IsMixed(operand) || Operands.IsMixed(low) || Operands.IsMixed(high);

    public BoundExpression Operand => operand;

    public BoundExpression Low => low;

    public BoundExpression High => high;

    public override bool? Test(EvaluationFrame frame)
    {
        operand.Evaluate(frame, out var value);
        if (value.IsNull)
        {
            return null;
        }

        low.Evaluate(frame, out var lowValue);
        var aboveLow = lowValue.IsNull ? null : Relation.Test(BinaryOperator.GreaterOrEqual, value, lowValue, _mixed);
        if (aboveLow == false)
        {
            return false;
        }

        high.Evaluate(frame, out var highValue);
        var belowHigh = highValue.IsNull ? null : Relation.Test(BinaryOperator.LessOrEqual, value, highValue, _mixed);
        return aboveLow & belowHigh;
    }
}
