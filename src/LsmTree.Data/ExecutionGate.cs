using System.Diagnostics.CodeAnalysis;

namespace LsmTree.Data;

/// <summary>Lets one execution at a time onto a connection, and keeps what executions share.</summary>
/// <remarks>
/// Synchronous use from two threads is a mistake and is refused. Asynchronous statements that are started before the last one has ended, as
/// Dapper's pipelining does, are not: each waits for its turn, in the order in which they were started.
/// </remarks>
internal sealed class ExecutionGate : IDisposable
{
    private const int Free = 0;
    private const int Busy = 1;

    private CommandRun? _spare;
    private Turn? _lastTurn;
    private int _state;
    private bool _disposed;

    /// <summary>Marks the connection as executing.</summary>
    /// <exception cref="InvalidOperationException">Somebody else is executing on it.</exception>
    public void Enter()
    {
        if (!TryEnter())
        {
            ThrowBusy();
        }
    }

    public void Leave() => Volatile.Write(ref _state, Free);

    /// <summary>Lets an execution onto the connection: <see cref="End"/> lets it out again, whatever happens.</summary>
    /// <param name="waited">Its run, when it had to wait for its turn; null otherwise.</param>
    /// <returns>Its run.</returns>
    /// <exception cref="InvalidOperationException">Somebody else is executing on it.</exception>
    public CommandRun Enter(CommandRun? waited)
    {
        if (!TryEnter())
        {
            waited?.Turn!.End();
            waited?.Finish();
            waited?.Dispose();
            ThrowBusy();
        }

        return waited ?? Rent();
    }

    public CommandRun Rent()
    {
        var run = _spare ?? new CommandRun(TimeProvider.System);
        _spare = null;
        return run;
    }

    public void Return(CommandRun run)
    {
        run.Finish();
        if (_spare is null && !_disposed)
        {
            _spare = run;
        }
        else
        {
            run.Dispose();
        }
    }

    /// <summary>The first call of an execution has ended; its reader goes on.</summary>
    public void EndCall(CommandRun run)
    {
        var turn = run.Turn;
        run.Turn = null;
        run.EndCall();
        run.Operation.Suspend();
        Leave();
        turn?.End();
    }

    /// <summary>An execution has ended.</summary>
    public void End(CommandRun run)
    {
        var turn = run.Turn;
        run.Turn = null;
        Return(run);
        Leave();
        turn?.End();
    }

    /// <summary>Gives an asynchronous execution a turn behind those that were started before. False when there is none to wait for.</summary>
    /// <param name="run">A run for the execution, to be started: what ends it ends the wait, too.</param>
    public bool TryQueue([NotNullWhen(true)] out CommandRun? run)
    {
        if (_lastTurn is null or { Ended.IsCompleted: true })
        {
            run = null;
            return false;
        }

        _lastTurn = new Turn(_lastTurn.Ended);
        run = new CommandRun(TimeProvider.System) { Turn = _lastTurn }; // the spare one is for whoever is in the gate
        return true;
    }

    /// <summary>Waits for the turn of an execution.</summary>
    /// <param name="run">The run that <see cref="TryQueue"/> gave.</param>
    /// <exception cref="LsmException">It was cancelled, or its time ran out.</exception>
    /// <exception cref="OperationCanceledException">Its token was cancelled.</exception>
    public static async ValueTask<CommandRun?> WaitAsync(CommandRun run)
    {
        try
        {
            await run.Turn!.WaitAsync(run.Limits.Cancellation).ConfigureAwait(false);
            return run;
        }
        catch (OperationCanceledException error)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // Finish waits for who cancels, which may be this thread
            var seen = run.Translate(error);
            run.Finish();
            run.Dispose();
            throw seen;
        }
    }

    /// <summary>Asynchronous executions that are started from now on wait until that of <paramref name="run"/> has ended.</summary>
    public void HoldTurn(CommandRun run) => run.Turn ??= _lastTurn = new Turn(Task.CompletedTask);

    public void Dispose()
    {
        _disposed = true;
        _spare?.Dispose();
        _spare = null;
    }

    private bool TryEnter() => Interlocked.CompareExchange(ref _state, Busy, Free) == Free;

    [DoesNotReturn]
    private static void ThrowBusy() => throw new InvalidOperationException(
        "This connection is already executing a statement. A connection serves one caller at a time: await each call, and open one connection for each thread or request. They share one engine and are cheap.");
}
