namespace LsmTree.Data.Expressions;

/// <summary><c>NOT a</c>: unknown stays unknown.</summary>
internal sealed class Complement(BoundExpression operand) : Predicate(operand.Inputs)
{
    public BoundExpression Operand => operand;

    public override bool? Test(EvaluationFrame frame) => !operand.Test(frame);
}
