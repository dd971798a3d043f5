namespace LsmTree.Data;

/// <summary>A place in the order in which the asynchronous executions of a connection were started.</summary>
/// <remarks>It ends after the one before it, whether its execution has waited for that or has given up: nobody overtakes.</remarks>
internal sealed class Turn(Task previous)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Ended => _ended.Task;

    /// <summary>Waits until the turn before has ended.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the turn then ends by itself.</exception>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        try
        {
            await previous.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = previous.ContinueWith(static (_, turn) => ((Turn)turn!).End(), this, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    public void End() => _ended.SetResult();
}
