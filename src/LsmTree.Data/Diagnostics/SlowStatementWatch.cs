namespace LsmTree.Data.Diagnostics;

/// <summary>Who wants to know of statements that take long.</summary>
/// <param name="Threshold">From how long on.</param>
/// <param name="Tell">Told of each, after it has ended, on its thread. Throws nothing.</param>
internal sealed record SlowStatementWatch(TimeSpan Threshold, Action<StatementSummary, TimeSpan, Exception?> Tell);
