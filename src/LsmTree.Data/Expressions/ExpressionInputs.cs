namespace LsmTree.Data.Expressions;

/// <summary>What the value of an expression depends on. An expression of no input is folded when it is bound.</summary>
[Flags]
internal enum ExpressionInputs
{
    None = 0,
    Parameters = 1,
    Row = 2,

    /// <summary>The row that an INSERT proposed: <c>EXCLUDED.col</c>.</summary>
    Excluded = 4,

    Aggregates = 8,
}
