namespace LsmTree.Data.Expressions;

/// <summary>What several operands have in common.</summary>
internal static class Operands
{
    public static ExpressionInputs InputsOf(params ReadOnlySpan<BoundExpression?> operands)
    {
        var inputs = ExpressionInputs.None;
        foreach (var operand in operands)
        {
            inputs |= operand?.Inputs ?? ExpressionInputs.None;
        }

        return inputs;
    }

    /// <summary>True for a value whose type is decided row by row: a column declared ANY, or something made of one.</summary>
    public static bool IsMixed(BoundExpression operand) =>
        operand.Type == Values.SqlType.Any && (operand.Inputs & (ExpressionInputs.Row | ExpressionInputs.Excluded)) != 0;
}
