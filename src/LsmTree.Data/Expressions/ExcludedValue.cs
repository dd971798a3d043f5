using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary><c>EXCLUDED.col</c>: a column of the row that could not be inserted.</summary>
internal sealed class ExcludedValue(int ordinal, SqlType type, string name) : BoundExpression(type, ExpressionInputs.Excluded)
{
    public string Name { get; } = name;

    public override void Evaluate(EvaluationFrame frame, out SqlValue value) => frame.Excluded!.GetValue(ordinal, out value);
}
