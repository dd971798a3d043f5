using System.Diagnostics;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Commits;

/// <summary>The chain of log files as one endless log with one position, and the fsyncs that make it durable.</summary>
/// <remarks>
/// <para>Positions count bytes over all files since the store was opened; they only grow. A commit remembers the position behind its record and,
/// when it must survive a power cut, waits until <see cref="SyncTo"/> has passed it.</para>
/// <para>Group commit: the first waiter becomes the leader and syncs up to whatever has been appended by then; the others wait for it and find
/// themselves covered, or lead the next round. Appends go on beside a running fsync. Nobody syncs under the commit gate.</para>
/// <para>Rotation only swaps the current file for a spare that was created, with its directory entry synced, in the background. The old file is
/// closed (trailer, fsync) by the next sync or by maintenance, whichever comes first, and always before anything in the new file is called
/// durable. Between the two a power cut may leave the new file on disk and the old one short: its successor's header, which names the size
/// and last sequence number of its predecessor, tells recovery so, and recovery ends at the tear (docs/decisions/0001).</para>
/// <para>After an error of a write or an fsync nothing is retried: <see cref="StoreHealth"/> is latched.</para>
/// </remarks>
internal sealed class WriteAheadLog : IDisposable
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly ulong _storeId;
    private readonly FileNumbers _numbers;
    private readonly AppendSettings _settings;
    private readonly StoreHealth _health;
    private readonly StoreCounters _counters;

    private readonly Lock _chainGate = new();
    private readonly List<LogWriter> _closing = []; // guarded by _chainGate; oldest first
    private LogWriter? _spare; // guarded by _chainGate
    private ulong _spareNumber; // guarded by _chainGate
    private LogWriter _current; // written under the commit gate and _chainGate
    private ulong _currentNumber;
    private long _base; // position at which the current file begins; written under both gates

    private readonly object _syncGate = new(); // a Monitor: followers wait on it
    private readonly List<Waiter> _waiters = []; // guarded by _syncGate
    private bool _syncing; // guarded by _syncGate
    private long _durable; // written under _syncGate
    private Thread? _syncThread; // guarded by _syncGate
    private bool _disposed; // guarded by _syncGate

    private WriteAheadLog(IFileSystem files, string directory, ulong storeId, FileNumbers numbers, AppendSettings settings, StoreHealth health, StoreCounters counters, LogWriter first, ulong firstNumber)
    {
        _files = files;
        _directory = directory;
        _storeId = storeId;
        _numbers = numbers;
        _settings = settings;
        _health = health;
        _counters = counters;
        _current = first;
        _currentNumber = firstNumber;
    }

    public ulong CurrentNumber => _currentNumber;

    /// <summary>Bytes in log files that are still open here.</summary>
    public long OpenBytes
    {
        get
        {
            lock (_chainGate)
            {
                return _current.Position + _closing.Sum(static log => log.Position);
            }
        }
    }

    /// <summary>Creates the first log of a run; its name is durable when this returns.</summary>
    public static WriteAheadLog Create(IFileSystem files, string directory, ulong storeId, FileNumbers numbers, AppendSettings settings, ulong lastSequence, StoreHealth health, StoreCounters counters)
    {
        var number = numbers.Next();
        var first = CreateFile(files, directory, storeId, number, settings);
        first.Begin(new LogPredecessor(0, 0, lastSequence));
        return new WriteAheadLog(files, directory, storeId, numbers, settings, health, counters, first, number);
    }

    /// <summary>Appends one batch and returns the position behind it. Under the commit gate.</summary>
    /// <exception cref="StoreFullException">The disk is full; nothing was written that recovery would count.</exception>
    /// <exception cref="StoreFailedException">The write failed; the store takes no more writes.</exception>
    public long Append(ulong firstSequence, uint count, ReadOnlySpan<byte> batch)
    {
        var before = _current.Position;
        try
        {
            var end = _current.Append(LogRecordType.Batch, firstSequence, count, batch);
            _counters.LogBytesWritten += end - before;
            return _base + end;
        }
        catch (IOException error)
        {
            _health.Fail(error);
            throw new StoreFailedException($"The log could not be written: {error.Message}", error, outcomeUnknown: true);
        }
    }

    /// <summary>Goes on in a new file and returns its number. Under the commit gate.</summary>
    public ulong Rotate()
    {
        lock (_chainGate)
        {
            var next = _spare;
            var number = _spareNumber;
            _spare = null;
            if (next is null)
            {
                number = _numbers.Next();
                next = CreateFile(_files, _directory, _storeId, number, _settings);
            }

            next.Begin(new LogPredecessor(_currentNumber, _current.Position, _current.LastSequence));
            _closing.Add(_current);
            _base += _current.Position;
            _current = next;
            _currentNumber = number;
            return number;
        }
    }

    /// <summary>Creates the spare and closes rotated files: maintenance calls it so that commits need not. Returns whether there was anything to do.</summary>
    public bool Maintain()
    {
        bool needsSpare, needsClose;
        lock (_chainGate)
        {
            needsSpare = _spare is null;
            needsClose = _closing.Count > 0;
        }

        if (needsSpare)
        {
            var number = _numbers.Next();
            var spare = CreateFile(_files, _directory, _storeId, number, _settings);
            lock (_chainGate)
            {
                // Numbers must rise along the chain; a rotation that could not wait may have taken a higher one meanwhile.
                if (_spare is null && number > _currentNumber)
                {
                    _spare = spare;
                    _spareNumber = number;
                    spare = null;
                }
            }

            if (spare is not null)
            {
                spare.Dispose();
                _files.Delete(Path.Combine(_directory, FileNames.Log(number)));
            }
        }

        if (needsClose)
        {
            SyncTo(Volatile.Read(ref _base));
        }

        return needsSpare || needsClose;
    }

    /// <summary>Returns when everything before <paramref name="position"/> is durable.</summary>
    public void SyncTo(long position)
    {
        lock (_syncGate)
        {
            while (true)
            {
                if (_durable >= position)
                {
                    return;
                }

                ThrowIfLost();
                if (!_syncing)
                {
                    _syncing = true;
                    break;
                }

                Monitor.Wait(_syncGate);
            }
        }

        Lead();
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
                _syncThread.Start();
            }

            Monitor.PulseAll(_syncGate);
            return new ValueTask(waiter.Completion.Task);
        }
    }

    /// <summary>Closes the chain: everything appended is durable, the last file carries a trailer.</summary>
    public void Close()
    {
        long end;
        lock (_chainGate)
        {
            end = _base + _current.Position;
        }

        SyncTo(end);
        _current.Close();
    }

    public void Dispose()
    {
        Thread? thread;
        lock (_syncGate)
        {
            _disposed = true;
            thread = _syncThread;
            Monitor.PulseAll(_syncGate);
        }

        thread?.Join();
        lock (_chainGate)
        {
            _current.Dispose();
            foreach (var log in _closing)
            {
                log.Dispose();
            }

            _closing.Clear();
            if (_spare is not null)
            {
                _spare.Dispose();
                _files.Delete(Path.Combine(_directory, FileNames.Log(_spareNumber)));
                _spare = null;
            }
        }
    }

    private static LogWriter CreateFile(IFileSystem files, string directory, ulong storeId, ulong number, AppendSettings settings)
    {
        var log = LogWriter.Create(files, Path.Combine(directory, FileNames.Log(number)), new LogIdentity(storeId, number), settings);
        try
        {
            files.SyncDirectory(directory);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Syncs everything appended so far and wakes whom that covers. The caller has set <see cref="_syncing"/>.</summary>
    private void Lead()
    {
        Exception? failure = null;
        long reached = 0;
        try
        {
            reached = SyncChain();
        }
        catch (Exception error) when (error is IOException or StoreException)
        {
            failure = error;
            _health.Fail(error);
        }

        lock (_syncGate)
        {
            _syncing = false;
            if (failure is null)
            {
                _durable = Math.Max(_durable, reached);
            }

            CompleteWaiters();
            Monitor.PulseAll(_syncGate);
            if (failure is not null)
            {
                throw Lost(failure);
            }
        }
    }

    private long SyncChain()
    {
        LogWriter[] closing;
        LogWriter current;
        long reached;
        lock (_chainGate)
        {
            closing = [.. _closing];
            current = _current;
            reached = _base + current.Position;
        }

        foreach (var log in closing)
        {
            log.Close();
            Interlocked.Increment(ref _counters.LogSyncs);
        }

        current.Sync();
        Interlocked.Increment(ref _counters.LogSyncs);
        if (closing.Length > 0)
        {
            lock (_chainGate)
            {
                _closing.RemoveRange(0, closing.Length);
            }

            foreach (var log in closing)
            {
                log.Dispose();
            }
        }

        return reached;
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

                _syncing = true;
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
        new($"The log could not be made durable: {failure.Message} Whether this write survives a power cut is unknown until the store is opened again.", failure, outcomeUnknown: true);

    private sealed class Waiter(long position)
    {
        public long Position { get; } = position;

        public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
