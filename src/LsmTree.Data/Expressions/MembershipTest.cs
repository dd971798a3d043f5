using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary><c>a IN (b, c, …)</c>: true when one is equal, else unknown when one is NULL. An empty list is false, even for NULL.</summary>
internal sealed class MembershipTest(BoundExpression operand, BoundExpression[] items) : Predicate(operand.Inputs | Operands.InputsOf(items))
{
    private const int ShortList = 16; // up to here comparing beats hashing

    private readonly bool _isSetWorthwhile = items.Length > ShortList && Array.TrueForAll(items, static item => item.IsFixed);

    public BoundExpression Operand => operand;

    public IReadOnlyList<BoundExpression> Items => items;

    public override bool? Test(EvaluationFrame frame)
    {
        if (items.Length == 0)
        {
            return false;
        }

        operand.Evaluate(frame, out var value);
        if (value.IsNull)
        {
            return null;
        }

        return Candidates(frame) is { } candidates && candidates.CanAnswer(value) ? candidates.Contains(value) : CompareWithEach(value, frame);
    }

    /// <summary>The list as a set, when it is long and the same for all rows.</summary>
    private CandidateSet? Candidates(EvaluationFrame frame)
    {
        if (!_isSetWorthwhile)
        {
            return null;
        }

        if (!frame.TryGetKept(this, out CandidateSet? candidates))
        {
            candidates = CandidateSet.Create(items, frame);
            frame.Keep(this, candidates);
        }

        return candidates;
    }

    private bool? CompareWithEach(in SqlValue value, EvaluationFrame frame)
    {
        bool? result = false;
        var mixed = Operands.IsMixed(operand);
        foreach (var item in items)
        {
            item.Evaluate(frame, out var candidate);
            if (candidate.IsNull)
            {
                result = null;
            }
            else if (Relation.Test(BinaryOperator.Equal, value, candidate, mixed) == true)
            {
                return true;
            }
        }

        return result;
    }
}
