namespace LsmTree.Data.Expressions;

/// <summary><c>a IS NULL</c>, <c>a IS NOT NULL</c>.</summary>
internal sealed class NullTest(BoundExpression operand, bool negated) : Predicate(operand.Inputs)
{
    public BoundExpression Operand => operand;

    public bool Negated => negated;

    public override bool? Test(EvaluationFrame frame)
    {
        operand.Evaluate(frame, out var value);
        return value.IsNull != negated;
    }
}
