namespace LsmTree.Data.Execution;

/// <summary>What may end a statement early; asked every <see cref="RowsBetweenChecks"/> rows, which costs nothing measurable and answers within a millisecond.</summary>
/// <param name="TimedOut">Tells, once cancelled, whether the timeout was the reason; null when there is none.</param>
/// <param name="Cancellation">The caller's token, DbCommand.Cancel and the command's timeout in one.</param>
internal readonly record struct Interruption(Func<bool>? TimedOut, CancellationToken Cancellation)
{
    public const int RowsBetweenChecks = 256;

    /// <exception cref="LsmException">Canceled.</exception>
    public void Check()
    {
        if (Cancellation.IsCancellationRequested)
        {
            throw Describe(null);
        }
    }

    /// <summary>The error for a cancellation that showed as <paramref name="cause"/>.</summary>
    public LsmException Describe(OperationCanceledException? cause) => TimedOut?.Invoke() == true
        ? new LsmException(LsmErrorCode.Canceled, "The statement ran out of time", hint: "raise CommandTimeout, or read fewer rows", inner: cause)
        : new LsmException(LsmErrorCode.Canceled, "The statement was cancelled", inner: cause);
}
