using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary><c>COALESCE(a, b, …)</c>: the first that is not NULL.</summary>
internal sealed class Coalescence(SqlType type, BoundExpression[] arguments) : BoundExpression(type, Operands.InputsOf(arguments))
{
    public IReadOnlyList<BoundExpression> Arguments => arguments;

    public override void Evaluate(EvaluationFrame frame, out SqlValue value)
    {
        value = SqlValue.Null;
        for (var i = 0; i < arguments.Length && value.IsNull; i++)
        {
            arguments[i].Evaluate(frame, out value);
        }
    }
}
