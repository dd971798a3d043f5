using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary><c>((a + b) * c) || d …</c>: operators that lean to the left, computed from left to right.</summary>
internal sealed class ArithmeticChain(SqlType type, BoundExpression first, ArithmeticStep[] steps) : BoundExpression(type, InputsOf(first, steps))
{
    public BoundExpression First => first;

    public IReadOnlyList<ArithmeticStep> Steps => steps;

    public override void Evaluate(EvaluationFrame frame, out SqlValue value)
    {
        first.Evaluate(frame, out value);
        foreach (var step in steps)
        {
            step.Operand.Evaluate(frame, out var operand);
            value = step.Operator == BinaryOperator.Concatenate
                ? Arithmetic.Concatenate(value, operand)
                : Arithmetic.Apply(OperationOf(step.Operator), value, operand);
        }
    }

    /// <summary>The type of one step; ANY when an operand's type shows only at execution.</summary>
    /// <exception cref="LsmException">DatatypeMismatch.</exception>
    public static SqlType ResultType(BinaryOperator step, SqlType left, SqlType right) =>
        step == BinaryOperator.Concatenate ? Arithmetic.ConcatenatedType(left, right) : Arithmetic.ResultType(OperationOf(step), left, right);

    private static ArithmeticOperator OperationOf(BinaryOperator step) => step switch
    {
        BinaryOperator.Add => ArithmeticOperator.Add,
        BinaryOperator.Subtract => ArithmeticOperator.Subtract,
        BinaryOperator.Multiply => ArithmeticOperator.Multiply,
        BinaryOperator.Divide => ArithmeticOperator.Divide,
        BinaryOperator.Modulo => ArithmeticOperator.Modulo,
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    private static ExpressionInputs InputsOf(BoundExpression first, ArithmeticStep[] steps)
    {
        var inputs = first.Inputs;
        foreach (var step in steps)
        {
            inputs |= step.Operand.Inputs;
        }

        return inputs;
    }
}
