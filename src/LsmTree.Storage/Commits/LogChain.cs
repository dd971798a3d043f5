using System.Diagnostics;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Commits;

/// <summary>The files of the write-ahead log, one after another, as one endless log with one position.</summary>
/// <remarks>
/// <para>Positions count bytes over all files since the store was opened; they only grow.</para>
/// <para>Rotation only swaps the current file for a spare that was created, with its directory entry synced, in the background. The old file is
/// closed (trailer, fsync) by the next sync, and always before anything in the new file is called durable. Between the two a power cut may
/// leave the new file on disk and the old one short: its successor's header, which names the size and last sequence number of its
/// predecessor, tells recovery so, and recovery ends at the tear (docs/decisions/0001).</para>
/// </remarks>
internal sealed class LogChain : IDisposable
{
    /// <summary>How often <see cref="PrepareAhead"/> is asked for: a quarter of a full piece of the log, so that most of the piece is left when it begins.</summary>
    private const long AskBytes = 1 << 20; // 1 MiB

    /// <summary>The most that a spare reserves: enough to be written to until the first question, twice over. A store at rest has one such log, and no spare.</summary>
    private const long LargestFirstBytes = 2 * AskBytes;

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly ulong _storeId;
    private readonly FileNumbers _numbers;
    private readonly AppendSettings _settings;
    private readonly StoreHealth _health;
    private readonly StoreCounters _counters;
    private readonly WorkSignal _work;

    private readonly object _gate = new(); // a Monitor: Dispose waits on it
    private readonly List<LogWriter> _closing = []; // guarded by _gate; oldest first
    private LogWriter? _spare; // guarded by _gate
    private ulong _spareNumber; // guarded by _gate
    private int _creating; // guarded by _gate: threads that are creating a spare
    private bool _isDisposed; // guarded by _gate: no file may be left in the directory from here on
    private long _lastBytes; // guarded by _gate: the size of the file before the current one
    private LogWriter _current; // written under the commit gate and _gate
    private ulong _currentNumber; // as _current
    private long _base; // as _current: the position at which the current file begins
    private long _askAt = AskBytes; // under the commit gate: the position in the current file

    private LogChain(IFileSystem files, string directory, ulong storeId, FileNumbers numbers, AppendSettings settings, StoreHealth health, StoreCounters counters, WorkSignal work, LogWriter first, ulong firstNumber)
    {
        _files = files;
        _directory = directory;
        _storeId = storeId;
        _numbers = numbers;
        _settings = settings;
        _health = health;
        _counters = counters;
        _work = work;
        _current = first;
        _currentNumber = firstNumber;
    }

    /// <summary>Bytes in log files that are still open here.</summary>
    public long OpenBytes
    {
        get
        {
            lock (_gate)
            {
                return _current.Position + _closing.Sum(static log => log.Position);
            }
        }
    }

    /// <summary>The position behind the last record.</summary>
    public long AppendedBytes
    {
        get
        {
            lock (_gate)
            {
                return _base + _current.Position;
            }
        }
    }

    /// <summary>Creates the first log of a run; its name is durable when this returns. <paramref name="work"/> is raised when <see cref="PrepareAhead"/> is due.</summary>
    public static LogChain Create(IFileSystem files, string directory, ulong storeId, FileNumbers numbers, AppendSettings settings, ulong lastSequence, StoreHealth health, StoreCounters counters, WorkSignal work)
    {
        var number = numbers.Next();
        var first = CreateFile(files, directory, storeId, number, settings);
        BeginOrDispose(first, new LogPredecessor(0, 0, lastSequence));
        return new LogChain(files, directory, storeId, numbers, settings, health, counters, work, first, number);
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
            if (end >= _askAt)
            {
                _askAt = end + AskBytes;
                _work.Raise();
            }

            return _base + end;
        }
        catch (IOException error)
        {
            _health.Fail(error);
            throw new StoreFailedException($"The log could not be written: {error.Message}", error, outcomeUnknown: true);
        }
    }

    /// <summary>The number of the file that is appended to. Under the commit gate.</summary>
    public ulong CurrentNumber => _currentNumber;

    /// <summary>Goes on in a new file and returns its number. Under the commit gate. When it throws, the current file stays, and nothing was acknowledged in another.</summary>
    /// <param name="committed">A number up to which everything is committed, when that is more than the log holds.</param>
    /// <exception cref="StoreFullException">There is no space for a new file; the same may succeed later.</exception>
    /// <exception cref="FileNotOpenedException">No new file could be created; the same may succeed later.</exception>
    /// <exception cref="StoreFailedException">Something is in doubt; the store takes no more writes.</exception>
    public ulong Rotate(ulong committed)
    {
        lock (_gate)
        {
            var next = _spare;
            var number = _spareNumber;
            _spare = null;
            try
            {
                if (next is null)
                {
                    number = _numbers.Next();
                    next = CreateFile(_files, _directory, _storeId, number, _settings);
                }

                BeginOrDispose(next, new LogPredecessor(_currentNumber, _current.Position, Math.Max(_current.LastSequence, committed)));
            }
            catch (IOException error) when (error is not FileNotOpenedException)
            {
                // The directory was not synced: any name in it is in doubt. Or the header of the new file may be on the disk, and it says that the
                // current file ends here: nothing may be appended to that any more.
                _health.Fail(error);
                throw new StoreFailedException($"The log could not be continued in a new file: {error.Message}", error);
            }

            _closing.Add(_current);
            _lastBytes = _current.Position;
            _base += _lastBytes;
            _askAt = AskBytes;
            _current = next;
            _currentNumber = number;
            _work.Raise();
            return number;
        }
    }

    /// <summary>
    /// Prepares the growth of the current file and the spare, so that no commit need do it; a log that will be long, and has just been begun, can wait.
    /// Returns whether there was anything to do. One thread at a time.
    /// </summary>
    public bool PrepareAhead()
    {
        LogWriter current;
        lock (_gate)
        {
            current = _current;
            if (MayWaitLocked())
            {
                return false;
            }
        }

        var isPrepared = current.PrepareGrowth();
        return CreateSpare(mayWait: true) || isPrepared;
    }

    /// <summary>Whether a rotation finds a file ready.</summary>
    public bool HasSpare
    {
        get
        {
            lock (_gate)
            {
                return _spare is not null;
            }
        }
    }

    /// <summary>Creates the spare now, for who wants to rotate; false when there is one. Not under the commit gate: an fsync of the directory is part of it.</summary>
    /// <inheritdoc cref="Rotate" path="/exception"/>
    public bool EnsureSpare() => CreateSpare(mayWait: false);

    public bool HasFilesToClose
    {
        get
        {
            lock (_gate)
            {
                return _closing.Count > 0;
            }
        }
    }

    /// <summary>What a sync that begins now is to make durable.</summary>
    public LogRound BeginSync()
    {
        lock (_gate)
        {
            return new LogRound([.. _closing], _current, _base + _current.Position);
        }
    }

    /// <summary>Closes rotated files and syncs the current one: then everything before <see cref="LogRound.End"/> is durable. One thread at a time.</summary>
    public void Sync(LogRound round)
    {
        foreach (var log in round.Closing)
        {
            log.Close();
            Interlocked.Increment(ref _counters.LogSyncs);
        }

        round.Current.Sync();
        Interlocked.Increment(ref _counters.LogSyncs);
        if (round.Closing.Length > 0)
        {
            lock (_gate)
            {
                _closing.RemoveRange(0, round.Closing.Length);
            }

            foreach (var log in round.Closing)
            {
                log.Dispose();
            }
        }
    }

    /// <summary>Gives the current file its trailer. Everything is synced; nothing is appended any more.</summary>
    public void Close() => _current.Close();

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            while (_creating > 0)
            {
                Monitor.Wait(_gate);
            }

            _current.Dispose();
            foreach (var log in _closing)
            {
                log.Dispose();
            }

            _closing.Clear();
            if (_spare is not null)
            {
                Discard(_files, _directory, _spare, _spareNumber);
                _spare = null;
            }
        }
    }

    /// <summary>Creates the spare, so that a rotation need not. Returns whether there was anything to do.</summary>
    private bool CreateSpare(bool mayWait)
    {
        AppendSettings settings;
        lock (_gate)
        {
            if (_isDisposed || _spare is not null || (mayWait && MayWaitLocked()))
            {
                return false;
            }

            // A log is likely to grow as large as the one before it; the first of a run shows nothing yet.
            settings = _settings with { FirstBytes = (int)Math.Min(_lastBytes, LargestFirstBytes) };
            _creating++;
        }

        try
        {
            CreateSpare(_numbers.Next(), settings);
            return true;
        }
        finally
        {
            lock (_gate)
            {
                _creating--;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void CreateSpare(ulong number, AppendSettings settings)
    {
        LogWriter spare;
        try
        {
            spare = CreateFile(_files, _directory, _storeId, number, settings);
        }
        catch (DirectoryNotSyncedException error)
        {
            _health.Fail(error); // any name in the directory is in doubt
            throw new StoreFailedException($"The next log could not be made ready: {error.Message}", error);
        }

        lock (_gate)
        {
            // Numbers must rise along the chain; a rotation that could not wait may have taken a higher one meanwhile.
            if (!_isDisposed && _spare is null && number > _currentNumber)
            {
                _spare = spare;
                _spareNumber = number;
                return;
            }
        }

        Discard(_files, _directory, spare, number);
    }

    private bool MayWaitLocked()
    {
        Debug.Assert(Monitor.IsEntered(_gate), "Which file is current is guarded by the gate.");
        return _lastBytes >= LargestFirstBytes && _current.Position < AskBytes;
    }

    private static void Discard(IFileSystem files, string directory, LogWriter log, ulong number)
    {
        log.Dispose();
        try
        {
            files.Delete(Path.Combine(directory, FileNames.Log(number)));
        }
        catch (IOException)
        {
            // A log that was never begun holds nothing: recovery passes it over, and a later sweep finds it again.
        }
    }

    /// <summary>A log that cannot be begun (the disk is full) is left as it was created: nothing in it counts, and the sweep removes it.</summary>
    private static void BeginOrDispose(LogWriter log, LogPredecessor predecessor)
    {
        var isBegun = false;
        try
        {
            log.Begin(predecessor);
            isBegun = true;
        }
        finally
        {
            if (!isBegun)
            {
                log.Dispose();
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
            Discard(files, directory, log, number);
            throw;
        }
    }
}
