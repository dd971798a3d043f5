namespace LsmTree.Data.Execution;

/// <summary>What a writing statement has done.</summary>
/// <param name="Affected">Rows inserted, updated or deleted; -1 for statements that do not count.</param>
/// <param name="Returned">The rows of RETURNING; null when there is none.</param>
internal readonly record struct WriteOutcome(long Affected, RowBuffer? Returned);
