namespace LsmTree.Data.Expressions;

/// <summary><c>a OR b OR …</c>: true when one is true, else unknown when one is unknown.</summary>
internal sealed class Disjunction(BoundExpression[] terms) : Predicate(Operands.InputsOf(terms))
{
    public IReadOnlyList<BoundExpression> Terms => terms;

    public override bool? Test(EvaluationFrame frame)
    {
        bool? result = false;
        foreach (var term in terms)
        {
            switch (term.Test(frame))
            {
                case true:
                    return true;
                case null:
                    result = null;
                    break;
            }
        }

        return result;
    }
}
