using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>An expression that is true, false or unknown by construction, and says so without making a value.</summary>
internal abstract class Predicate(ExpressionInputs inputs) : BoundExpression(SqlType.Boolean, inputs)
{
    public sealed override void Evaluate(EvaluationFrame frame, out SqlValue value) =>
        value = Test(frame) is { } truth ? SqlValue.FromBoolean(truth) : SqlValue.Null;

    public abstract override bool? Test(EvaluationFrame frame);
}
