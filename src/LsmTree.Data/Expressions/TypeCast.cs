using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary><c>CAST(a AS TYPE)</c>; also the silent conversion of a branch to the common type of all.</summary>
internal sealed class TypeCast(BoundExpression operand, SqlType type, int precision = 0, int scale = 0, int length = 0) : BoundExpression(type, operand.Inputs)
{
    public BoundExpression Operand => operand;

    public int Precision => precision;

    public int Scale => scale;

    public int Length => length;

    public override void Evaluate(EvaluationFrame frame, out SqlValue value)
    {
        operand.Evaluate(frame, out value);
        if (!value.IsNull && (value.Type != Type || precision > 0))
        {
            value = Conversion.Cast(value, Type, precision, scale);
        }

        if (length > 0)
        {
            value = LengthLimit.Cut(value, length);
        }
    }
}
