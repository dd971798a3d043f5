using LsmTree.Storage.Batches;
using LsmTree.Storage.Diagnostics;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Commits;

/// <summary>Makes writes durable and visible, in one order.</summary>
/// <remarks>
/// <para>A commit, in full:</para>
/// <code>
/// 1  wait for room and pay what is owed                (no lock)
/// 2  take the gate
/// 3    check for conflicts                             (transactions)
/// 4    number the entries, append one record to the log
/// 5    add the entries to the memtable
/// 6    publish the last number: the batch is visible, whole
/// 7  leave the gate
/// 8  Full: wait until an fsync has passed the record   (no lock; shared)
/// </code>
/// <para>Steps 3 to 6 are memory copies; the gate is held for well under a microsecond for a small batch and never for I/O but the rare growth of
/// the log. Group commit is in step 8: the gate is free while somebody syncs. A batch is visible before it is durable, and
/// <see cref="LsmStore.Write"/> returns when it is what the caller asked for.</para>
/// <para>Concatenating waiting batches under a leader (LevelDB) was not built: it pays where the log is a system call for each write.</para>
/// </remarks>
internal sealed class CommitQueue
{
    private readonly ViewCell _views;
    private readonly SequenceClock _clock;
    private readonly WriteAheadLog? _log;
    private readonly StoreHealth _health;
    private readonly WritePressure _pressure;
    private readonly CommitSettings _settings;
    private readonly StoreCounters _counters;
    private readonly StoreTelemetry _telemetry;
    private readonly Func<Memtable> _createMemtable;
    private readonly Func<ulong> _nextNumber;
    private readonly WorkSignal _flushWork;
    private readonly Func<bool>? _flushInline;
    private readonly FormatRatchet _format;

    private readonly Lock _gate = new();
    private readonly BatchBuffer _single = new(); // guarded by _gate: the batch of a lone put or delete
    private ulong _last; // guarded by _gate

    /// <param name="views">Where the active memtable is, and where a fresh one is installed.</param>
    /// <param name="clock">Where commits are published.</param>
    /// <param name="log">The log; null when the store keeps none.</param>
    /// <param name="health">Asked before every commit.</param>
    /// <param name="pressure">Admits writes.</param>
    /// <param name="settings">Sizes and the store's durability.</param>
    /// <param name="counters">Statistics.</param>
    /// <param name="telemetry">Told how long commits take.</param>
    /// <param name="createMemtable">Makes the next memtable.</param>
    /// <param name="nextNumber">Draws a file number when there is no log to draw one.</param>
    /// <param name="flushWork">Raised when a memtable was frozen.</param>
    /// <param name="format">Raised before something is written that older formats lack.</param>
    /// <param name="flushInline">With no background threads: flushes one memtable here and now; false when there is none.</param>
    public CommitQueue(ViewCell views, SequenceClock clock, WriteAheadLog? log, StoreHealth health, WritePressure pressure, CommitSettings settings, StoreCounters counters, StoreTelemetry telemetry, Func<Memtable> createMemtable, Func<ulong> nextNumber, WorkSignal flushWork, FormatRatchet format, Func<bool>? flushInline)
    {
        _views = views;
        _clock = clock;
        _log = log;
        _health = health;
        _pressure = pressure;
        _settings = settings;
        _counters = counters;
        _telemetry = telemetry;
        _createMemtable = createMemtable;
        _nextNumber = nextNumber;
        _flushWork = flushWork;
        _format = format;
        _flushInline = flushInline;
        _last = clock.Visible;
    }

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Durability? asked)
    {
        BatchFormat.CheckKey(key, nameof(key));
        BatchFormat.CheckValue(value, nameof(value));
        CheckAsked(asked);
        var began = _telemetry.CommitBegan();
        SettleNow(CommitOne(EntryKind.Put, key, value), asked);
        _telemetry.CommitEnded(began, asked ?? _settings.Durability);
    }

    /// <summary>Puts a key that nobody has written after <paramref name="since"/>; false, and nothing is done, when somebody may have.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    /// <param name="active">The active memtable when <paramref name="since"/> was read, or before: all that is newer is in it, or it is active no longer.</param>
    /// <param name="since">A visible number.</param>
    /// <param name="asked">What to wait for; null for the store's own.</param>
    public bool TryPutUnchanged(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Memtable active, ulong since, Durability? asked)
    {
        BatchFormat.CheckKey(key, nameof(key));
        BatchFormat.CheckValue(value, nameof(value));
        CheckAsked(asked);
        var began = _telemetry.CommitBegan();
        _pressure.Admit(key.Length + value.Length, CancellationToken.None);
        long generation;
        long position;
        lock (_gate)
        {
            var memtable = TryGetRoomLocked(out generation);
            if (memtable is not null)
            {
                var isChanged = !ReferenceEquals(memtable, active)
                    || (_last != since && memtable.TryGet(key, ulong.MaxValue, out var trailer, out _) && Trailer.Sequence(trailer) > since);
                if (isChanged)
                {
                    return false;
                }
            }

            position = memtable is null ? -1 : AddLocked(memtable, EntryKind.Put, key, value);
        }

        if (position < 0)
        {
            MakeRoom(generation, CancellationToken.None);
            return false;
        }

        SettleNow(position, asked);
        _telemetry.CommitEnded(began, asked ?? _settings.Durability);
        return true;
    }

    public void Delete(ReadOnlySpan<byte> key, Durability? asked)
    {
        BatchFormat.CheckKey(key, nameof(key));
        CheckAsked(asked);
        var began = _telemetry.CommitBegan();
        SettleNow(CommitOne(EntryKind.Delete, key, default), asked);
        _telemetry.CommitEnded(began, asked ?? _settings.Durability);
    }

    public void Write(BatchBuffer batch, Durability? asked, CommitCheck? check = null)
    {
        CheckAsked(asked);
        if (batch.Count > 0)
        {
            RequireFormat(batch);
            var began = _telemetry.CommitBegan();
            SettleNow(Commit(batch, check, CancellationToken.None), asked);
            _telemetry.CommitEnded(began, asked ?? _settings.Durability);
        }
    }

    public ValueTask WriteAsync(BatchBuffer batch, Durability? asked, CommitCheck? check, CancellationToken cancellation)
    {
        CheckAsked(asked);
        if (batch.Count == 0)
        {
            return ValueTask.CompletedTask;
        }

        cancellation.ThrowIfCancellationRequested();
        RequireFormat(batch);
        var began = _telemetry.CommitBegan();
        var position = Commit(batch, check, cancellation);
        if (MustSync(asked) && _log is not null && _flushInline is null)
        {
            var sync = _log.SyncToAsync(position);
            return began == StoreTelemetry.NotMeasured ? sync : MeasuredAsync(sync, began);
        }

        SettleNow(position, asked);
        _telemetry.CommitEnded(began, asked ?? _settings.Durability);
        return ValueTask.CompletedTask;
    }

    /// <summary>Freezes the active memtable, if it holds anything, so that it will be flushed.</summary>
    public void Freeze()
    {
        while (true)
        {
            long generation;
            lock (_gate)
            {
                generation = _views.Generation;
                var view = _views.Current;
                if (view.Active.IsEmpty)
                {
                    return;
                }

                if (view.Frozen.Length < _settings.MaxFrozen)
                {
                    RotateLocked();
                    return;
                }
            }

            MakeRoom(generation, CancellationToken.None);
        }
    }

    private async ValueTask MeasuredAsync(ValueTask sync, long began)
    {
        await sync.ConfigureAwait(false);
        _telemetry.CommitEnded(began, Durability.Full);
    }

    /// <summary>As <see cref="Freeze"/>, but does nothing where that would have to wait. Returns whether a memtable was frozen.</summary>
    public bool TryFreeze()
    {
        lock (_gate)
        {
            var view = _views.Current;
            if (view.Active.IsEmpty || view.Frozen.Length >= _settings.MaxFrozen)
            {
                return false;
            }

            RotateLocked();
            return true;
        }
    }

    private long CommitOne(EntryKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _pressure.Admit(key.Length + value.Length, CancellationToken.None);
        while (true)
        {
            long generation;
            lock (_gate)
            {
                if (TryGetRoomLocked(out generation) is { } memtable)
                {
                    return AddLocked(memtable, kind, key, value);
                }
            }

            MakeRoom(generation, CancellationToken.None);
        }
    }

    private long AddLocked(Memtable memtable, EntryKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        long position = 0;
        if (_log is not null)
        {
            _single.Clear();
            if (kind == EntryKind.Put)
            {
                _single.Put(key, value);
            }
            else
            {
                _single.Delete(key);
            }

            position = AppendLocked(_single.Written, 1);
        }

        memtable.Add(kind, key, value, _last + 1);
        PublishLocked(1, key.Length + value.Length);
        return position;
    }

    private long Commit(BatchBuffer batch, CommitCheck? check, CancellationToken cancellation)
    {
        _pressure.Admit(batch.Length, cancellation);
        while (true)
        {
            long generation;
            lock (_gate)
            {
                if (TryGetRoomLocked(out generation) is { } memtable)
                {
                    check?.Invoke(_views.Current, _last);
                    var position = _log is null ? 0 : AppendLocked(batch.Written, batch.Count);
                    memtable.Add(batch.Written, _last + 1);
                    PublishLocked(batch.Count, batch.PayloadBytes);
                    return position;
                }
            }

            MakeRoom(generation, cancellation);
        }
    }

    private void RequireFormat(BatchBuffer batch)
    {
        if (batch.HasExpiringEntries)
        {
            _format.Require(StoreFormat.ExpiringEntries);
        }
    }

    /// <summary>The memtable to write to, a fresh one if need be; null when the caller must wait for a flush.</summary>
    private Memtable? TryGetRoomLocked(out long generation)
    {
        _health.ThrowIfFailed();
        generation = _views.Generation;
        var view = _views.Current;
        if (view.Active.Bytes < _settings.MemtableBytes || view.Active.IsEmpty)
        {
            return view.Active;
        }

        if (view.Frozen.Length >= _settings.MaxFrozen)
        {
            return null;
        }

        RotateLocked();
        return _views.Current.Active;
    }

    private void RotateLocked()
    {
        // The file comes first: if the disk is full, the memtable stays as it is and the write is refused.
        var number = _log?.Rotate() ?? _nextNumber();
        _views.Rotate(_createMemtable(), number);
        _flushWork.Raise();
    }

    private long AppendLocked(ReadOnlySpan<byte> batch, int count)
    {
        try
        {
            return _log!.Append(_last + 1, (uint)count, batch);
        }
        catch (StoreException)
        {
            // Numbers of a failed write are never used again: its record may still be found.
            _last += (uint)count;
            throw;
        }
    }

    private void PublishLocked(int count, long bytes)
    {
        _last += (uint)count;
        _clock.Publish(_last);
        _counters.Commits++;
        _counters.EntriesWritten += count;
        _counters.BytesWritten += bytes;
    }

    private void MakeRoom(long generation, CancellationToken cancellation)
    {
        if (_flushInline is null)
        {
            _pressure.WaitForRoom(Bottleneck.Memtables, generation, cancellation);
        }
        else
        {
            _flushInline();
        }
    }

    private void CheckAsked(Durability? asked)
    {
        if (asked is { } durability && durability < _settings.Durability)
        {
            throw new ArgumentException($"A write can ask for more durability than its store has, not for less: the store has {_settings.Durability}, the write asks for {durability}.", nameof(asked));
        }
    }

    private bool MustSync(Durability? asked) =>
        (asked ?? _settings.Durability) == Durability.Full || (_log is null && asked > Durability.Off);

    private void SettleNow(long position, Durability? asked)
    {
        if (!MustSync(asked))
        {
            return;
        }

        if (_log is not null)
        {
            _log.SyncTo(position);
            return;
        }

        // Without a log, a flush is what makes a write survive.
        Freeze();
        while (true)
        {
            var generation = _views.Generation;
            if (_views.Current.Frozen.Length == 0)
            {
                return;
            }

            MakeRoom(generation, CancellationToken.None);
        }
    }
}
