using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>
/// A parameter beside a value of another type: when it holds a text, the text is read as that type, as PostgreSQL reads a quoted literal.
/// So <c>WHERE id = @id</c> finds a UUID that the caller has as a string.
/// </summary>
internal sealed class TextReading(BoundExpression operand, SqlType type) : BoundExpression(SqlType.Any, operand.Inputs)
{
    public BoundExpression Operand => operand;

    public override void Evaluate(EvaluationFrame frame, out SqlValue value)
    {
        operand.Evaluate(frame, out value);
        if (value.Type == SqlType.Text)
        {
            value = Conversion.Cast(value, type);
        }
    }
}
