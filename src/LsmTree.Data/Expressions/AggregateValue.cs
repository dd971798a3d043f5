using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>The finished result of an aggregate of the select list.</summary>
internal sealed class AggregateValue(int number, SqlType type) : BoundExpression(type, ExpressionInputs.Aggregates)
{
    public override void Evaluate(EvaluationFrame frame, out SqlValue value) => value = frame.Aggregates[number];
}
