using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary><c>CASE [operand] WHEN … THEN … ELSE … END</c>: the first branch whose condition is true; NULL when there is none and no ELSE.</summary>
internal sealed class Choice(SqlType type, BoundExpression? operand, BoundExpression[] whens, BoundExpression[] thens, BoundExpression otherwise)
    : BoundExpression(type, Operands.InputsOf(operand, otherwise) | Operands.InputsOf(whens) | Operands.InputsOf(thens))
{
    public BoundExpression? Operand => operand;

    public IReadOnlyList<BoundExpression> Whens => whens;

    public IReadOnlyList<BoundExpression> Thens => thens;

    public BoundExpression Otherwise => otherwise;

    public override void Evaluate(EvaluationFrame frame, out SqlValue value)
    {
        var subject = SqlValue.Null;
        operand?.Evaluate(frame, out subject);
        for (var i = 0; i < whens.Length; i++)
        {
            if (operand is null ? whens[i].Test(frame) == true : Matches(whens[i], subject, frame))
            {
                thens[i].Evaluate(frame, out value);
                return;
            }
        }

        otherwise.Evaluate(frame, out value);
    }

    private bool Matches(BoundExpression when, in SqlValue subject, EvaluationFrame frame)
    {
        when.Evaluate(frame, out var candidate);
        return !subject.IsNull && !candidate.IsNull
            && Relation.Test(BinaryOperator.Equal, subject, candidate, Operands.IsMixed(operand!) || Operands.IsMixed(when)) == true;
    }
}
