using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>
/// An expression whose names are resolved and which evaluates itself. Immutable and shared by all executions: what changes from one
/// evaluation to the next is in the <see cref="EvaluationFrame"/>.
/// </summary>
/// <remarks>
/// Chains as long as the text allows (<c>a AND b AND …</c>, <c>1 + 2 + …</c>) are one node with many operands, so that the depth of a tree
/// is bounded by the nesting that the parser lets through.
/// </remarks>
internal abstract class BoundExpression
{
    protected BoundExpression(SqlType type, ExpressionInputs inputs)
    {
        Type = type;
        Inputs = inputs;
    }

    /// <summary>The type of every value; <see cref="SqlType.Any"/> when it shows only at execution, <see cref="SqlType.Null"/> for a bare NULL.</summary>
    public SqlType Type { get; }

    public ExpressionInputs Inputs { get; }

    /// <summary>True when the value is the same for every row of one execution.</summary>
    public bool IsFixed => (Inputs & ~ExpressionInputs.Parameters) == 0;

    public bool IsConstant => Inputs == ExpressionInputs.None;

    /// <summary>Computes the value; valid until the row of the frame changes.</summary>
    public abstract void Evaluate(EvaluationFrame frame, out SqlValue value);

    /// <summary>Computes the value of a condition: true, false, or null for unknown.</summary>
    public virtual bool? Test(EvaluationFrame frame)
    {
        Evaluate(frame, out var value);
        return value.Type switch
        {
            SqlType.Null => null,
            SqlType.Boolean => value.AsBoolean(),
            _ => throw new LsmException(LsmErrorCode.DatatypeMismatch, $"A condition must be BOOLEAN, not {SqlTypes.NameOf(value.Type)}"),
        };
    }
}
