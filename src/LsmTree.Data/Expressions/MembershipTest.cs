using LsmTree.Data.Syntax;

namespace LsmTree.Data.Expressions;

/// <summary><c>a IN (b, c, …)</c>: true when one is equal, else unknown when one is NULL. An empty list is false, even for NULL.</summary>
internal sealed class MembershipTest(BoundExpression operand, BoundExpression[] items) : Predicate(operand.Inputs | Operands.InputsOf(items))
{
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
