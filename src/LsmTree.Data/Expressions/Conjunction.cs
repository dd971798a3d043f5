namespace LsmTree.Data.Expressions;

/// <summary><c>a AND b AND …</c>: false when one is false, else unknown when one is unknown.</summary>
internal sealed class Conjunction(BoundExpression[] terms) : Predicate(Operands.InputsOf(terms))
{
    public IReadOnlyList<BoundExpression> Terms => terms;

    /// <summary>The conjunction of any number of terms; null for none.</summary>
    public static BoundExpression? Of(IReadOnlyList<BoundExpression> terms) => terms.Count switch
    {
        0 => null,
        1 => terms[0],
        _ => new Conjunction([.. terms]),
    };

    public override bool? Test(EvaluationFrame frame)
    {
        bool? result = true;
        foreach (var term in terms)
        {
            switch (term.Test(frame))
            {
                case false:
                    return false;
                case null:
                    result = null;
                    break;
            }
        }

        return result;
    }
}
