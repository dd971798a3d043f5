using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Diagnostics;
using LsmTree.Data.Execution;
using LsmTree.Data.Sessions;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>What one execution of a command needs beside its text: the values of its parameters, and what can end it early.</summary>
/// <remarks>
/// <para>An execution rents a run from its connection and gives it back when its last row has been read. In the common case it then costs
/// nothing: the parameter arrays, the cancellation source and the timer are all still there, and the timer was not even touched.</para>
/// <para>(1) The timer only looks: at every tick it compares the number of calls begun and ended with what it saw before. A call that has been
/// running for the whole timeout is cancelled; when nothing runs the timer stops itself. So the time that an application spends between two
/// reads never counts, and a thousand short statements cost one tick. The price is precision: a timeout fires up to a quarter late.</para>
/// <para>(2) Whoever cancels (the timer, DbCommand.Cancel, the caller's token) first moves the state from Running to Canceling of the very
/// generation that it means. The next execution has another generation, and so has every execution of another run of the process: each run begins
/// to count where no other is. So a late cancel can never hit an execution that it does not mean, and neither can one that meant another run.</para>
/// <para>(3) A cancelled source is never used again.</para>
/// </remarks>
internal sealed class CommandRun : IDisposable
{
    private const long Idle = 0;
    private const long Running = 1;
    private const long Canceling = 2;
    private const long Canceled = 3;
    private const long Generation = 4; // one step; the two low bits are the phase
    private const int RunShift = 40; // numbers of executions that a run has before they would be those of the next: 2^38
    private const int QuietTicks = 2;
    private const int LongestTick = 1000; // milliseconds
    private const int Disarmed = 0;
    private const int Armed = 1;

    private static long s_runs;

    private readonly TimeProvider _time;
    private readonly Func<bool> _timedOut;
    private CancellationTokenSource _source = new();
    private ExecutionLimits _limits;
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private ITimer? _timer;
    private PreparedScript? _script; // the statement that is executed or read now
    private int _statement;
    private string? _fate; // of the transaction that the call commits; null when it is no commit
    private string[] _givenNames = [];
    private string[] _bareNames = [];

    // Shared with the timer's thread and with whoever cancels.
    private long _state = Interlocked.Increment(ref s_runs) << RunShift;
    private CancelReason _reason;
    private int _calls; // odd while a call runs
    private int _timeout; // milliseconds, 0 for ever
    private int _tick; // milliseconds, as the timer was last told
    private int _armed;

    // The timer's own.
    private int _seenCalls;
    private int _sameCallTicks;
    private int _quietTicks;

    public CommandRun(TimeProvider time)
    {
        _time = time;
        Operation = new WatchedOperation(time);
        _timedOut = () => _reason == CancelReason.Timeout;
        _limits = new ExecutionLimits(_source.Token, _timedOut);
    }

    private enum CancelReason
    {
        None,
        Cancel,
        Timeout,
        Token,
    }

    public ParameterSet Parameters { get; } = new();

    public ExecutionLimits Limits => _limits;

    /// <summary>The execution as metrics and traces see it; ends with it.</summary>
    public WatchedOperation Operation { get; }

    /// <summary>The command of a batch that is executed now; null outside of one.</summary>
    public LsmBatchCommand? BatchCommand { get; set; }

    /// <summary>Its place in the order of asynchronous executions, for which those started after it wait; null while nobody has to.</summary>
    public Turn? Turn { get; set; }

    /// <summary>True while a call of an execution runs, which may have to wait for its turn first.</summary>
    public bool IsInCall => (_calls & 1) != 0;

    /// <summary>What <see cref="Cancel(long)"/> needs to mean this execution and no other.</summary>
    public long Execution => _state & ~3L | Running;

    /// <summary>Begins an execution, and its first call.</summary>
    /// <param name="timeout">Seconds that one call may take; 0 for ever.</param>
    /// <param name="token">The caller's token.</param>
    /// <returns>What <see cref="Cancel(long)"/> needs to mean this execution and no other.</returns>
    public long Start(int timeout, CancellationToken token)
    {
        TurnAway();
        _fate = null;
        _reason = CancelReason.None;
        _token = token;
        _timeout = (int)Math.Min((long)timeout * 1000, int.MaxValue);
        _calls++;
        var running = _state + Generation + (Running - Idle);
        Interlocked.Exchange(ref _state, running); // a full fence: pairs with the timer's, which disarms and then looks again
        if (_timeout != 0 && (Volatile.Read(ref _armed) == Disarmed || _tick != TickOf(_timeout)))
        {
            Arm();
        }

        if (token.CanBeCanceled)
        {
            _registration = token.UnsafeRegister(static run => ((CommandRun)run!).Cancel(CancelReason.Token), this);
        }

        return running;
    }

    /// <summary>Begins the commit of a transaction, which is a call by itself. The transaction is active until <see cref="EndTransaction"/>.</summary>
    /// <param name="timeout">Seconds that it may wait, for its turn and for room; 0 for ever.</param>
    /// <param name="token">The caller's token.</param>
    public void StartCommit(int timeout, CancellationToken token)
    {
        Start(timeout, token);
        _fate = "is still active";
    }

    /// <summary>The transaction that is committed is over, even if what follows is cancelled.</summary>
    public void EndTransaction() => _fate = "is over";

    /// <summary>Says which statement what follows is about: its errors are told to be of it.</summary>
    public void TurnTo(PreparedScript script, int statement)
    {
        _script = script;
        _statement = statement;
    }

    /// <summary>What follows is about no statement.</summary>
    public void TurnAway()
    {
        _script = null;
        BatchCommand = null;
    }

    /// <summary>A call has ended; the execution goes on with the next read.</summary>
    public void EndCall() => Volatile.Write(ref _calls, _calls + 1);

    /// <summary>The next call begins.</summary>
    /// <exception cref="InvalidOperationException">One runs, on another thread.</exception>
    public void BeginCall()
    {
        var calls = Volatile.Read(ref _calls);
        if ((calls & 1) != 0 || Interlocked.CompareExchange(ref _calls, calls + 1, calls) != calls)
        {
            ThrowBusy();
        }
    }

    /// <summary>The execution is over; the run can be rented again.</summary>
    public void Finish()
    {
        if ((_calls & 1) != 0)
        {
            _calls++;
        }

        if (_token.CanBeCanceled)
        {
            _registration.Dispose(); // waits for a callback that is running
            _registration = default;
            _token = default;
        }

        var running = _state & ~3L | Running;
        if (Interlocked.CompareExchange(ref _state, running - Running, running) != running)
        {
            var wait = new SpinWait();
            while ((Volatile.Read(ref _state) & 3) == Canceling)
            {
                wait.SpinOnce();
            }

            _source.Dispose();
            _source = new CancellationTokenSource();
            _limits = new ExecutionLimits(_source.Token, _timedOut);
            Interlocked.Exchange(ref _state, running - Running);
        }

        Parameters.Clear();
        Operation.End();
    }

    /// <summary>True when cancelling <paramref name="token"/> cancels the execution already.</summary>
    public bool Watches(CancellationToken token) => _token == token;

    /// <summary>Cancels the execution that <see cref="Start"/> gave this number, unless it is over.</summary>
    public void Cancel(long execution) => Cancel(execution, CancelReason.Cancel);

    /// <summary>The name of a parameter without its prefix; the same string as last time when the given one is the same.</summary>
    /// <param name="index">The parameter's position in its collection.</param>
    /// <param name="given">The name as it was given.</param>
    public string BareName(int index, string given)
    {
        if (!ParameterName.HasPrefix(given))
        {
            return given;
        }

        if (index >= _givenNames.Length)
        {
            Array.Resize(ref _givenNames, Math.Max(4, index * 2));
            Array.Resize(ref _bareNames, Math.Max(4, index * 2));
        }

        if (!ReferenceEquals(_givenNames[index], given))
        {
            _givenNames[index] = given;
            _bareNames[index] = ParameterName.Bare(given).ToString();
        }

        return _bareNames[index];
    }

    /// <summary>What the caller sees instead of <paramref name="error"/>: the reason of a cancellation, or the engine's error in the provider's words.</summary>
    public Exception Translate(Exception error)
    {
        var seen = Explain(error);
        if (seen is LsmException ours)
        {
            ours.Statement ??= _script?.TextOf(_statement);
            ours.BatchCommand ??= BatchCommand;
        }

        Operation.Fail(seen);
        return seen;
    }

    /// <summary>False when the caller sees <paramref name="error"/> itself.</summary>
    public bool TryTranslate(Exception error, [NotNullWhen(true)] out Exception? translated)
    {
        var seen = Translate(error);
        translated = ReferenceEquals(seen, error) ? null : seen;
        return translated is not null;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _source.Dispose();
    }

    private Exception Explain(Exception error)
    {
        if (error is not OperationCanceledException && error is not LsmException { Code: LsmErrorCode.Canceled })
        {
            return StoreErrors.TryTranslate(error, out var translated) ? translated : error;
        }

        return _reason switch
        {
            CancelReason.Token when _fate is not null => new OperationCanceledException($"The commit was cancelled by the token of its call. Nothing was written, and the transaction {_fate}.", error, _token),
            CancelReason.Timeout when _fate is not null => new LsmException(LsmErrorCode.Canceled, $"The commit waited for longer than the connection's DefaultTimeout of {_timeout / 1000} s; nothing was written, and the transaction {_fate}", hint: "raise DefaultTimeout, or set it to 0 to wait for ever", inner: error),
            CancelReason.Token => new OperationCanceledException("The statement was cancelled by the token of its call.", error, _token),
            CancelReason.Timeout => new LsmException(LsmErrorCode.Canceled, $"The statement took longer than its CommandTimeout of {_timeout / 1000} s", hint: "raise CommandTimeout, or set it to 0 to wait for ever", inner: error),
            CancelReason.Cancel => new LsmException(LsmErrorCode.Canceled, "The statement was cancelled by DbCommand.Cancel", inner: error),
            _ => error,
        };
    }

    private void Cancel(CancelReason reason) => Cancel(Volatile.Read(ref _state), reason);

    private void Cancel(long execution, CancelReason reason)
    {
        if ((execution & 3) == Running && Interlocked.CompareExchange(ref _state, execution - Running + Canceling, execution) == execution)
        {
            _reason = reason; // the cancellation that follows publishes it
            try
            {
                _source.Cancel();
            }
            finally
            {
                Volatile.Write(ref _state, execution - Running + Canceled);
            }
        }
    }

    [DoesNotReturn]
    private static void ThrowBusy() => throw new InvalidOperationException(
        "This reader is being read by another thread. A connection and its readers serve one caller at a time: await each call, and open one connection for each thread or request.");

    private static int TickOf(int timeout) => Math.Clamp(timeout / 4, 1, LongestTick);

    private void Arm()
    {
        var tick = TickOf(_timeout);
        _tick = tick;
        Volatile.Write(ref _armed, Armed);
        _timer ??= _time.CreateTimer(static run => ((CommandRun)run!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(TimeSpan.FromMilliseconds(tick), TimeSpan.FromMilliseconds(tick));
    }

    private void Look()
    {
        var execution = Volatile.Read(ref _state);
        var calls = Volatile.Read(ref _calls);
        if ((execution & 3) != Running || (calls & 1) == 0 || _timeout == 0)
        {
            _sameCallTicks = 0;
            if (++_quietTicks >= QuietTicks && (execution & 3) == Idle)
            {
                Rest();
            }

            return;
        }

        _quietTicks = 0;
        _sameCallTicks = calls == _seenCalls ? _sameCallTicks + 1 : 1;
        _seenCalls = calls;
        if ((long)_sameCallTicks * _tick > _timeout)
        {
            Cancel(execution, CancelReason.Timeout);
        }
    }

    private void Rest()
    {
        _quietTicks = 0;
        _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Interlocked.Exchange(ref _armed, Disarmed);
        if ((Volatile.Read(ref _state) & 3) == Running && _timeout != 0)
        {
            Arm(); // an execution began between the look and the rest, and saw an armed timer
        }
    }
}
