namespace LsmTree.Data.Sessions;

/// <summary>What ends a statement early.</summary>
/// <param name="Cancellation">Cancelled by the caller, by DbCommand.Cancel, or by the command's timeout.</param>
/// <param name="TimedOut">True, once the token is cancelled, when the reason was the timeout.</param>
internal readonly record struct ExecutionLimits(CancellationToken Cancellation, Func<bool>? TimedOut = null);
