using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary><c>-a</c>.</summary>
internal sealed class Minus(BoundExpression operand, SqlType type) : BoundExpression(type, operand.Inputs)
{
    public BoundExpression Operand => operand;

    public override void Evaluate(EvaluationFrame frame, out SqlValue value)
    {
        operand.Evaluate(frame, out var negated);
        value = Arithmetic.Negate(negated);
    }
}
