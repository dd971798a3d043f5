using System.Diagnostics;
using LsmTree.Storage.Diagnostics;
using LsmTree.Storage.Threads;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Commits;

/// <summary>Makes the log durable for many commits at once.</summary>
/// <remarks>
/// <para>A commit remembers the position behind its record and, when it must survive a power cut, waits until <see cref="SyncTo"/> has passed it.
/// The first waiter becomes the leader and syncs up to whatever has been appended by then; the others wait for it and find themselves
/// covered, or lead the next round. Appends go on beside a running fsync. Nobody syncs under the commit gate.</para>
/// <para>Those who were covered come back soon. A leader who began at once would sync for itself alone and let all the others wait for the next
/// round; so it lets others run until as many are there as were in the last round and had come when it ended, but no longer than a fraction of what that round's
/// fsync took. (With the members of the last round alone, sixteen threads fall into two groups of eight that take turns.) A lone writer never waits: it expects itself.</para>
/// <para>Who waits sleeps on one of two cells in turns: on the round's, when the fsync under way, or about to begin, will cover it, and else on the next
/// one's. The end of a round wakes all of its own with one call, and of the next ones a single one, to lead. So <b>whenever nobody syncs, nobody sleeps
/// but behind one who has been woken</b>, and that one leads, or finds another leader, or wakes the others (an error).</para>
/// <para>After an error of a write or an fsync nothing is retried: <see cref="StoreHealth"/> is latched, and every waiter is told.</para>
/// </remarks>
internal sealed class WriteAheadLog : IDisposable
{
    /// <summary>A leader gathers for at most one part of this many of what the last fsync took: a second fsync would cost all of it.</summary>
    private const int GatherParts = 2;

    /// <summary>Ends the gathering under a clock that stands still.</summary>
    private const int MaxYields = 1000;

    private readonly LogChain _chain;
    private readonly StoreHealth _health;
    private readonly StoreTelemetry _telemetry;

    private readonly object _syncGate = new(); // a Monitor: the log's own threads wait on it
    private readonly List<Waiter> _waiters = []; // guarded by _syncGate
    private readonly TimeProvider _time;
    private bool _syncing; // guarded by _syncGate
    private WaitCell _round = WaitCell.Create(); // guarded by _syncGate: whom the running fsync covers, or the next one when none runs
    private WaitCell _nextRound = WaitCell.Create(); // guarded by _syncGate: whom it does not
    private long _target; // guarded by _syncGate: the running fsync covers what lies before; everything while it has not begun
    private int _arrived; // changed under _syncGate: who has asked since the last fsync began
    private int _expected; // the leader's, from one to the next by way of _syncGate: members of the last round, and who had asked when it ended
    private long _lastSyncTicks; // as _expected: how long the last fsync took that several shared
    private long _durable; // written under _syncGate
    private Thread? _syncThread; // guarded by _syncGate
    private bool _disposed; // guarded by _syncGate

    public WriteAheadLog(LogChain chain, StoreHealth health, StoreTelemetry telemetry, TimeProvider time)
    {
        _time = time;
        _chain = chain;
        _health = health;
        _telemetry = telemetry;
    }

    /// <summary>Bytes in log files that are still open here.</summary>
    public long OpenBytes => _chain.OpenBytes;

    /// <inheritdoc cref="LogChain.Append"/>
    public long Append(ulong firstSequence, uint count, ReadOnlySpan<byte> batch) => _chain.Append(firstSequence, count, batch);

    /// <inheritdoc cref="LogChain.Rotate"/>
    public ulong Rotate(ulong committed = 0) => _chain.Rotate(committed);

    /// <inheritdoc cref="LogChain.HasSpare"/>
    public bool HasSpare => _chain.HasSpare;

    /// <inheritdoc cref="LogChain.EnsureSpare"/>
    public bool EnsureSpare() => _chain.EnsureSpare();

    /// <inheritdoc cref="LogChain.CurrentNumber"/>
    public ulong CurrentNumber => _chain.CurrentNumber;

    /// <inheritdoc cref="LogChain.PrepareAhead"/>
    public bool PrepareAhead() => _chain.PrepareAhead();

    /// <summary>Prepares ahead and closes rotated files: all that the log needs, in one step. Returns whether there was anything to do.</summary>
    public bool Maintain()
    {
        var isPrepared = PrepareAhead();
        if (!_chain.HasFilesToClose)
        {
            return isPrepared;
        }

        CloseRotated();
        return true;
    }

    /// <summary>Returns when everything before <paramref name="position"/> is durable.</summary>
    public void SyncTo(long position)
    {
        bool leads;
        try
        {
            leads = Follow(position);
        }
        catch (ThreadInterruptedException)
        {
            // It may have been the one who was to lead. (The sleep itself may go on; then the interruption comes at the first lock that is not free.)
            using var gate = UninterruptedLock.Enter(_syncGate);
            WakeEverybodyLocked();
            throw;
        }

        if (leads)
        {
            Lead(gathers: true);
        }
    }

    /// <summary>As <see cref="SyncTo"/>, without holding a thread: a thread of the log's own leads when nobody else does.</summary>
    public ValueTask SyncToAsync(long position)
    {
        lock (_syncGate)
        {
            if (_durable >= position)
            {
                return ValueTask.CompletedTask;
            }

            ThrowIfLost();
            var waiter = new Waiter(position);
            _waiters.Add(waiter);
            if (_syncThread is null)
            {
                _syncThread = new Thread(LeadForWaiters) { IsBackground = true, Name = "lsmtree log sync" };
                _syncThread.UnsafeStart();
            }

            Monitor.PulseAll(_syncGate);
            return new ValueTask(waiter.Completion.Task);
        }
    }

    /// <summary>Returns when no rotated file waits to be closed. One may although its bytes are durable: nothing was appended between an fsync and the rotation.</summary>
    public void CloseRotated()
    {
        lock (_syncGate)
        {
            while (true)
            {
                if (!_chain.HasFilesToClose)
                {
                    return;
                }

                ThrowIfLost();
                if (!_syncing)
                {
                    BeginRoundLocked();
                    break;
                }

                Monitor.Wait(_syncGate);
            }
        }

        Lead();
    }

    /// <summary>Closes the log: everything appended is durable, the last file carries a trailer.</summary>
    public void Close()
    {
        SyncTo(_chain.AppendedBytes);
        CloseRotated();
        _chain.Close();
    }

    public void Dispose()
    {
        Thread? thread;
        lock (_syncGate)
        {
            _disposed = true;
            thread = _syncThread;
            Monitor.PulseAll(_syncGate);
            while (_syncing)
            {
                Monitor.Wait(_syncGate); // what it syncs must not be unmapped under it
            }
        }

        thread?.Join();
        _chain.Dispose();
    }

    /// <summary>Waits until everything before <paramref name="position"/> is durable, or nobody syncs: then the caller leads, and true is returned.</summary>
    private bool Follow(long position)
    {
        var hasArrived = false;
        while (Volatile.Read(ref _durable) < position)
        {
            WaitCell cell;
            int seen;
            lock (_syncGate)
            {
                _arrived += hasArrived ? 0 : 1;
                hasArrived = true;
                if (_durable >= position)
                {
                    return false;
                }

                if (_health.Failure is not null)
                {
                    WakeEverybodyLocked();
                    ThrowIfLost();
                }

                if (!_syncing)
                {
                    BeginRoundLocked();
                    return true;
                }

                cell = position <= _target ? _round : _nextRound;
                seen = cell.Current;
            }

            cell.WaitWhile(seen);
        }

        return false;
    }

    private void BeginRoundLocked()
    {
        _syncing = true;
        _target = long.MaxValue;
    }

    private void WakeEverybodyLocked()
    {
        _round.Change();
        _round.WakeAll();
        _nextRound.Change();
        _nextRound.WakeAll();
    }

    /// <summary>Lets the members of the last round come back; see the type.</summary>
    private void Gather()
    {
        if (Volatile.Read(ref _arrived) >= _expected)
        {
            return;
        }

        var begun = _time.GetTimestamp();
        for (var i = 0; i < MaxYields && Volatile.Read(ref _arrived) < _expected && _time.GetTimestamp() - begun < _lastSyncTicks / GatherParts; i++)
        {
            Thread.Yield();
        }
    }

    /// <summary>Syncs everything appended so far and wakes whom that covers. The caller has set <see cref="_syncing"/>. Whatever happens, the round ends.</summary>
    private void Lead(bool gathers = false)
    {
        Exception? failure = null;
        var members = 0;
        LogRound round = default;
        try
        {
            if (gathers)
            {
                Gather();
            }

            using (UninterruptedLock.Enter(_syncGate))
            {
                members = _arrived;
                _arrived = 0;
                round = _chain.BeginSync();
                _target = round.End;
            }

            var start = members > 1 ? _time.GetTimestamp() : 0;
            var began = _telemetry.LogSyncBegan();
            _chain.Sync(round);
            _telemetry.LogSyncEnded(began);
            _lastSyncTicks = members > 1 ? _time.GetTimestamp() - start : _lastSyncTicks;
        }
        catch (Exception error)
        {
            // Of whatever kind it is: others wait for this round, and must be told.
            failure = error;
            _health.Fail(error);
        }

        WaitCell covered;
        WaitCell waiting;
        using (UninterruptedLock.Enter(_syncGate))
        {
            _syncing = false;
            if (failure is null)
            {
                Volatile.Write(ref _durable, Math.Max(_durable, round.End));
            }

            _expected = members + _arrived;
            CompleteWaiters();
            Monitor.PulseAll(_syncGate);
            (covered, waiting) = (_round, _nextRound);
            (_round, _nextRound) = (_nextRound, _round);
            covered.Change();
            waiting.Change();
        }

        covered.WakeAll();
        waiting.WakeOne();
        if (failure is not null)
        {
            throw Lost(failure);
        }
    }

    private void LeadForWaiters()
    {
        while (true)
        {
            lock (_syncGate)
            {
                CompleteWaiters();
                while (!_disposed && (_waiters.Count == 0 || _syncing))
                {
                    Monitor.Wait(_syncGate);
                    CompleteWaiters();
                }

                if (_disposed)
                {
                    return;
                }

                BeginRoundLocked();
            }

            try
            {
                Lead();
            }
            catch (StoreFailedException)
            {
                // Every waiter has been told; the health is latched.
            }
        }
    }

    private void CompleteWaiters()
    {
        Debug.Assert(Monitor.IsEntered(_syncGate), "Waiters are guarded by the sync gate.");
        var failure = _health.Failure;
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            var waiter = _waiters[i];
            if (_durable >= waiter.Position)
            {
                waiter.Completion.SetResult();
            }
            else if (failure is not null)
            {
                waiter.Completion.SetException(Lost(failure));
            }
            else
            {
                continue;
            }

            _waiters.RemoveAt(i);
        }
    }

    private void ThrowIfLost()
    {
        if (_health.Failure is { } failure)
        {
            throw Lost(failure);
        }
    }

    private static StoreFailedException Lost(Exception failure) =>
        new($"The write was not made durable, because the store has stopped after an error: {failure.Message} Whether it survives a power cut is unknown until the store is opened again.", failure, outcomeUnknown: true);

    private sealed class Waiter(long position)
    {
        public long Position { get; } = position;

        public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
