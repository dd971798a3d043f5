using LsmTree.Data.Expressions;

namespace LsmTree.Data.Planning;

/// <summary>One end of a range of keys: values for the key columns that follow the path's prefix, one or more of them, known when the statement is executed.</summary>
/// <param name="Values">The values, fixed for the execution; a parameter or a constant each.</param>
/// <param name="Inclusive">True when rows equal to the values are in the range.</param>
internal sealed record KeyBound(IReadOnlyList<BoundExpression> Values, bool Inclusive);
