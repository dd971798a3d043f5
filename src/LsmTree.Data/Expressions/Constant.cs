using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>A literal, or what folding made of an expression of no input. A NULL keeps the type of the expression it came from.</summary>
internal sealed class Constant(SqlValue value, SqlType type) : BoundExpression(type, ExpressionInputs.None)
{
    private readonly SqlValue _value = value;

    public Constant(SqlValue value) : this(value, value.Type)
    {
    }

    public ref readonly SqlValue Value => ref _value;

    public override void Evaluate(EvaluationFrame frame, out SqlValue value) => value = _value;

    /// <summary>Computes an expression of no input now. One that fails is left as it is: its error belongs to the execution, which may never reach it.</summary>
    public static BoundExpression Fold(BoundExpression expression)
    {
        if (!expression.IsConstant || expression is Constant)
        {
            return expression;
        }

        try
        {
            expression.Evaluate(new EvaluationFrame(), out var folded);
            return new Constant(folded, expression.Type == SqlType.Any ? folded.Type : expression.Type);
        }
        catch (LsmException)
        {
            return expression;
        }
    }
}
