namespace LsmTree.Data.Expressions;

/// <summary><c>(a, b) IN ((c, d), …)</c>.</summary>
internal sealed class RowMembershipTest(RowComparisonTest[] equalities) : Predicate(Operands.InputsOf(equalities))
{
    /// <summary>One equality of rows for each item of the list; their left sides are the same.</summary>
    public IReadOnlyList<RowComparisonTest> Equalities => equalities;

    public override bool? Test(EvaluationFrame frame)
    {
        bool? result = false;
        foreach (var equality in equalities)
        {
            switch (equality.Test(frame))
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
