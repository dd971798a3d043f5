using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

internal sealed class ParameterValue(int slot, string name) : BoundExpression(SqlType.Any, ExpressionInputs.Parameters)
{
    public int Slot { get; } = slot;

    /// <summary>As EXPLAIN shows it.</summary>
    public string Name { get; } = name;

    public override void Evaluate(EvaluationFrame frame, out SqlValue value) => value = frame.ParameterAt(Slot);
}
