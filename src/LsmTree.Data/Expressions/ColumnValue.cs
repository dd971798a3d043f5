using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

internal sealed class ColumnValue(int ordinal, SqlType type, string name) : BoundExpression(type, ExpressionInputs.Row)
{
    public int Ordinal { get; } = ordinal;

    public string Name { get; } = name;

    public override void Evaluate(EvaluationFrame frame, out SqlValue value) => frame.Row!.GetValue(Ordinal, out value);
}
