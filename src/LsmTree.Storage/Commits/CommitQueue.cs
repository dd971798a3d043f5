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
/// 1  wait while maintenance is too far behind          (no lock)
/// 2  take the gate
/// 3    check for conflicts                             (transactions)
/// 4    number the entries, append one record to the log
/// 5    add the entries to the memtable
/// 6    publish the last number: the batch is visible, whole
/// 7  leave the gate
/// 8  Full: wait until an fsync has passed the record   (no lock; shared)
/// </code>
/// <para>Steps 3 to 6 are memory copies; the gate is held for well under a microsecond for a small batch. There is I/O under it where the log grows faster than it is prepared,
/// where it is written by system calls (<see cref="LogAppend"/>), and in a load (<see cref="TryCommitTables"/>). Group commit is in step 8: the gate is free while somebody syncs.
/// A batch is visible before it is durable, and <see cref="LsmStore.Write"/> returns when it is as durable as the caller asked.</para>
/// <para>Concatenating waiting batches under a leader (LevelDB) was not built: it pays where the log is a system call for each write.</para>
/// </remarks>
internal sealed class CommitQueue
{
    private readonly ViewCell _views;
    private readonly SequenceClock _clock;
    private readonly WriteAheadLog? _log;
    private readonly WritePressure _pressure;
    private readonly CommitSettings _settings;
    private readonly StoreCounters _counters;
    private readonly StoreTelemetry _telemetry;
    private readonly MemtableRoom _room;
    private readonly FormatRatchet _format;

    private readonly Lock _gate = new();
    private readonly BatchBuffer _single = new(); // guarded by _gate: the batch of a lone put or delete
    private ulong _last; // guarded by _gate
    private readonly LoadNumbers _loads = new(); // guarded by _gate

    public CommitQueue(ViewCell views, SequenceClock clock, WriteAheadLog? log, WritePressure pressure, CommitSettings settings, StoreCounters counters, StoreTelemetry telemetry, MemtableRoom room, FormatRatchet format)
    {
        _views = views;
        _clock = clock;
        _log = log;
        _pressure = pressure;
        _settings = settings;
        _counters = counters;
        _telemetry = telemetry;
        _room = room;
        _format = format;
        _last = clock.Visible;
    }

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Durability? asked, CancellationToken cancellation)
    {
        BatchFormat.CheckKey(key, nameof(key));
        BatchFormat.CheckValue(value, nameof(value));
        _settings.Check(asked);
        var began = _telemetry.CommitBegan();
        SettleNow(CommitOne(EntryKind.Put, key, value, cancellation), asked);
        _telemetry.CommitEnded(began, asked ?? _settings.Durability);
    }

    /// <summary>Puts a key that nobody has written after <paramref name="since"/>; false, and nothing is done, when somebody may have.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    /// <param name="active">The active memtable when <paramref name="since"/> was read, or before: all that is newer is in it, or it is active no longer.</param>
    /// <param name="since">A visible number.</param>
    /// <param name="asked">What to wait for; null for the store's own.</param>
    /// <param name="cancellation">Looked at while the write waits for room.</param>
    public bool TryPutUnchanged(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Memtable active, ulong since, Durability? asked, CancellationToken cancellation)
    {
        BatchFormat.CheckKey(key, nameof(key));
        BatchFormat.CheckValue(value, nameof(value));
        _settings.Check(asked);
        var began = _telemetry.CommitBegan();
        _pressure.Admit(key.Length + value.Length, cancellation);
        long generation;
        long position;
        lock (_gate)
        {
            var memtable = _room.TryGet(out generation);
            if (memtable is not null)
            {
                // A load is visible in the view a moment before its number is, and in no memtable.
                var isChanged = !ReferenceEquals(memtable, active)
                    || since < _loads.Newest
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
            _room.Make(generation, cancellation);
            return false;
        }

        SettleNow(position, asked);
        _telemetry.CommitEnded(began, asked ?? _settings.Durability);
        return true;
    }

    public void Delete(ReadOnlySpan<byte> key, Durability? asked, CancellationToken cancellation)
    {
        BatchFormat.CheckKey(key, nameof(key));
        _settings.Check(asked);
        var began = _telemetry.CommitBegan();
        SettleNow(CommitOne(EntryKind.Delete, key, default, cancellation), asked);
        _telemetry.CommitEnded(began, asked ?? _settings.Durability);
    }

    public void Write(BatchBuffer batch, Durability? asked, CommitCheck? check, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _settings.Check(asked);
        if (batch.Count > 0)
        {
            RequireFormat(batch);
            var began = _telemetry.CommitBegan();
            SettleNow(Commit(batch, check, cancellation), asked);
            _telemetry.CommitEnded(began, asked ?? _settings.Durability);
        }
    }

    public ValueTask WriteAsync(BatchBuffer batch, Durability? asked, CommitCheck? check, CancellationToken cancellation)
    {
        _settings.Check(asked);
        if (batch.Count == 0)
        {
            return ValueTask.CompletedTask;
        }

        cancellation.ThrowIfCancellationRequested();
        RequireFormat(batch);
        var began = _telemetry.CommitBegan();
        var position = Commit(batch, check, cancellation);
        if (MustSync(asked) && _log is not null && !_room.FlushesInline)
        {
            var sync = _log.SyncToAsync(position);
            return began == StoreTelemetry.NotMeasured ? sync : MeasuredAsync(sync, began);
        }

        SettleNow(position, asked);
        _telemetry.CommitEnded(began, asked ?? _settings.Durability);
        return ValueTask.CompletedTask;
    }

    /// <summary>Freezes the active memtable, if it holds anything, so that it will be flushed. With <paramref name="andClose"/> no commit comes after.</summary>
    /// <param name="andClose">For the end of the store.</param>
    /// <param name="cancellation">Ends the wait for room; nothing is done then.</param>
    public void Freeze(bool andClose = false, CancellationToken cancellation = default)
    {
        while (true)
        {
            long generation;
            lock (_gate)
            {
                if (_room.TryEmptyActive(out generation))
                {
                    if (andClose)
                    {
                        _room.Close();
                    }

                    return;
                }
            }

            _room.Make(generation, cancellation);
        }
    }

    /// <summary>Lets no commit in any more, whatever state the store is in, and waits for the one that is under way.</summary>
    public void Shut()
    {
        lock (_gate)
        {
            _room.Close();
        }
    }

    /// <summary>As <see cref="Freeze"/>, but does nothing where that would have to wait for a flush. Returns whether a memtable was frozen.</summary>
    public bool TryFreeze()
    {
        _room.MakeLogReady();
        lock (_gate)
        {
            return !_views.Current.Active.IsEmpty && _room.TryEmptyActive(out _);
        }
    }

    /// <inheritdoc cref="LoadNumbers.Promise"/>
    public ulong ReserveSequences()
    {
        lock (_gate)
        {
            return _loads.Promise(_last);
        }
    }

    /// <summary>Commits finished tables as the newest there is; false, and nothing is done, when commits have reached <paramref name="first"/>. Writers wait meanwhile.</summary>
    /// <param name="first">The first number that the tables use, promised before.</param>
    /// <param name="last">The last one.</param>
    /// <param name="entries">Entries in the tables.</param>
    /// <param name="bytes">Bytes of their keys and values.</param>
    /// <param name="install">Puts the tables in force, with the fresh memtable that it is given. Memory is empty then, and logs below the number are obsolete.</param>
    /// <exception cref="StoreException">Memory could not be flushed, or what <paramref name="install"/> throws; nothing is visible.</exception>
    public bool TryCommitTables(ulong first, ulong last, long entries, long bytes, Action<Memtable, ulong> install)
    {
        lock (_gate)
        {
            _room.Enter();
            if (first <= _last)
            {
                return false;
            }

            using var fresh = _room.CreateOwn();
            install(fresh.Memtable, _room.Drain());
            fresh.Installed();
            _room.BeginLog(last);
            _last = last;
            _loads.Newest = last;
            _clock.Publish(last);
            _counters.Commits++;
            _counters.EntriesWritten += entries;
            _counters.BytesWritten += bytes;
            return true;
        }
    }

    private async ValueTask MeasuredAsync(ValueTask sync, long began)
    {
        await sync.ConfigureAwait(false);
        _telemetry.CommitEnded(began, Durability.Full);
    }

    private long CommitOne(EntryKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _pressure.Admit(key.Length + value.Length, cancellation);
        while (true)
        {
            long generation;
            lock (_gate)
            {
                if (_room.TryGet(out generation) is { } memtable)
                {
                    return AddLocked(memtable, kind, key, value);
                }
            }

            _room.Make(generation, cancellation);
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

        _room.Insert(memtable, kind, key, value, _last + 1);
        PublishLocked(1, key.Length + value.Length);
        return position;
    }

    private long Commit(BatchBuffer batch, CommitCheck? check, CancellationToken cancellation)
    {
        _pressure.Admit(batch.Length, cancellation);
        if (batch.Length >= _settings.MemtableBytes)
        {
            return CommitLarge(batch, check, cancellation);
        }

        while (true)
        {
            long generation;
            lock (_gate)
            {
                if (_room.TryGet(out generation) is { } memtable)
                {
                    check?.Invoke(_views.Current, _last);
                    var position = _log is null ? 0 : AppendLocked(batch.Written, batch.Count);
                    _room.Insert(memtable, batch.Written, _last + 1);
                    PublishLocked(batch.Count, batch.PayloadBytes);
                    return position;
                }
            }

            _room.Make(generation, cancellation);
        }
    }

    /// <summary>
    /// Commits a batch larger than a memtable in one of its own, sorted before the gate is taken and numbered under it. It takes the place of an
    /// active memtable that was empty, so that the batch has a log to itself, too, and goes into a table as a whole when somebody writes next.
    /// </summary>
    private long CommitLarge(BatchBuffer batch, CommitCheck? check, CancellationToken cancellation)
    {
        using var own = _room.CreateOwn();
        own.Memtable.Add(batch.Written, firstSequence: 1);
        while (true)
        {
            long generation;
            lock (_gate)
            {
                _room.Enter();
                if (_room.TryEmptyActive(out generation))
                {
                    check?.Invoke(_views.Current, _last);
                    var position = _log is null ? 0 : AppendLocked(batch.Written, batch.Count);
                    _room.Replace(own, _last);
                    PublishLocked(batch.Count, batch.PayloadBytes);
                    return position;
                }
            }

            _room.Make(generation, cancellation);
        }
    }

    private void RequireFormat(BatchBuffer batch)
    {
        if (batch.HasExpiringEntries)
        {
            _format.Require(StoreFormat.ExpiringEntries);
        }
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
        for (var generation = _views.Generation; _views.Current.Frozen.Length > 0; generation = _views.Generation)
        {
            _room.Make(generation, CancellationToken.None);
        }
    }
}
