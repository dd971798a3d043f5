using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary><c>a LIKE pattern [ESCAPE e]</c>. A pattern that is the same for all rows is parsed once for each execution.
/// In a column declared ANY, what is not text is like nothing.</summary>
internal sealed class PatternTest(BoundExpression operand, BoundExpression pattern, BoundExpression? escape) : Predicate(Operands.InputsOf(operand, pattern, escape))
{
    private readonly bool _mixed = Operands.IsMixed(operand);

    public BoundExpression Operand => operand;

    public BoundExpression Pattern => pattern;

    /// <summary>True when the pattern does not depend on the row.</summary>
    public bool HasFixedPattern => pattern.IsFixed && (escape is null || escape.IsFixed);

    public override bool? Test(EvaluationFrame frame)
    {
        operand.Evaluate(frame, out var value);
        if (value.IsNull)
        {
            return null;
        }

        var parsed = HasFixedPattern ? KeptPattern(frame) : ParsePattern(frame);
        return parsed is null ? null : (!_mixed || SqlTypes.ClassOf(value.Type) == TypeClass.Bytes) && parsed.IsMatch(value);
    }

    /// <summary>The pattern as it is now; null when it, or its escape, is NULL.</summary>
    public LikePattern? ParsePattern(EvaluationFrame frame)
    {
        pattern.Evaluate(frame, out var patternValue);
        if (patternValue.IsNull || escape is null)
        {
            return patternValue.IsNull ? null : Like.Parse(patternValue);
        }

        escape.Evaluate(frame, out var escapeValue);
        return escapeValue.IsNull ? null : Like.Parse(patternValue, Conversion.Cast(escapeValue, SqlType.Text).AsString());
    }

    private LikePattern? KeptPattern(EvaluationFrame frame)
    {
        if (!frame.TryGetKept(this, out LikePattern? parsed))
        {
            parsed = ParsePattern(frame);
            frame.Keep(this, parsed);
        }

        return parsed;
    }
}
