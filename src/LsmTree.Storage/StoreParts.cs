using LsmTree.Storage.Backups;
using LsmTree.Storage.Commits;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Diagnostics;
using LsmTree.Storage.Files;
using LsmTree.Storage.Inspection;
using LsmTree.Storage.Maintenance;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Recovery;
using LsmTree.Storage.Transactions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage;

/// <summary>The parts of an open store and how they are wired: the one place that knows them all.</summary>
internal sealed class StoreParts
{
    private readonly TableSweep _sweep;
    private readonly Func<TableLoad> _createLoad;

    private StoreParts(RecoveredStore recovered, LsmStoreOptions options, StoreTelemetry telemetry)
    {
        var (files, directory, versions) = (recovered.Files, recovered.Directory, recovered.Versions);
        var flushWork = new WorkSignal();
        var tableWork = new WorkSignal();
        var logWork = new WorkSignal();
        Chunks = recovered.Chunks;
        Recovered = recovered;
        Telemetry = telemetry;
        Events = new EventRelay(options.Events, options.Time, Counters);
        telemetry.ListenerFailed += () => Interlocked.Increment(ref Counters.ListenerErrors);
        Clock = new SequenceClock(recovered.LastSequence);
        Expiry = new ExpiryClock(options.Time);
        Snapshots = new SnapshotList(Clock, options.Time, Expiry, options.KeepCreationStacks);
        Cursors = new CursorList(options.Time, options.KeepCreationStacks);
        Readers = new OpenReaders(Snapshots, Cursors, options.Time);
        Views = new ViewCell(recovered.Memtable, versions.Current, tableWork.Raise);
        Pending = new PendingPool(options.TransactionBytes, Chunks, Views.LetGo);
        Reader = new ViewReader(Views, Clock, Expiry, Counters, recovered.Cache);
        Health.Failed += Views.Wake;
        var (tables, levels) = (OptionsSplit.Tables(options), OptionsSplit.Levels(options));
        if (options.Mode != OpenMode.ReadOnly && options.Durability != Durability.Off)
        {
            var chain = LogChain.Create(files, directory, versions.StoreId, versions.Numbers, OptionsSplit.LogFile(options), recovered.LastSequence, Health, Counters, logWork);
            Log = new WriteAheadLog(chain, Health, telemetry, options.Time);
        }

        _sweep = new TableSweep(files, directory, Views, versions, Health, Events);
        var installer = new VersionInstaller(versions, Views, _sweep, Health);
        var flushJob = new FlushJob(files, directory, versions.StoreId, versions.Numbers, tables, Health);
        var compactionJob = new CompactionJob(files, directory, versions.StoreId, versions.Numbers, tables, levels, Health);
        var flush = new FlushWork(Views, Snapshots, versions, flushJob, installer, _sweep, Counters, telemetry, Events, directory);
        var compaction = new CompactionWork(versions, Snapshots, compactionJob, levels, installer, _sweep, Counters, telemetry, Events, directory, tableWork);
        Func<bool>? compactInline = options.Background == BackgroundMode.Manual ? () => compaction.RunOne(CancellationToken.None) | _sweep.Run() : null;
        Pressure = new WritePressure(Views, Health, Counters, options.Time, Events, version => Load(version, levels), compactInline);
        var settings = new CommitSettings(options.Durability, options.MemtableBytes);
        Func<bool>? flushInline = options.Background == BackgroundMode.Manual ? flush.RunOne : null;
        var room = new MemtableRoom(Views, Log, Health, Pressure, settings, versions.Numbers.Next, flushWork, flushInline, Chunks);
        Commits = new CommitQueue(Views, Clock, Log, Pressure, settings, Counters, telemetry, room, new FormatRatchet(versions, Health));
        var loaded = new TableDestination(files, directory, versions.StoreId, versions.Numbers.Next, levels.TablesOf(Versions.Version.LastLevel, tables) with { BloomBitsPerKey = tables.BloomBitsPerKey }, Health);
        _createLoad = () => new TableLoad(loaded, levels, Commits, compaction, installer, _sweep, Counters, Events);
        var idle = new IdleWork(Views, Clock, Commits, compaction, options.Time);
        Maintenance = new MaintenanceLoop(Views, Health, Pressure, Log, flush, compaction, _sweep, idle, Events, flushWork, tableWork, logWork, Chunks);
    }

    public RecoveredStore Recovered { get; }

    /// <summary>Where memtables and pending edits get their memory.</summary>
    public ChunkStock Chunks { get; }

    public PendingPool Pending { get; }

    public StoreTelemetry Telemetry { get; }

    public StoreHealth Health { get; } = new();

    public StoreCounters Counters { get; } = new();

    public EventRelay Events { get; }

    public SequenceClock Clock { get; }

    public ExpiryClock Expiry { get; }

    /// <summary>Now: what has been published, and what has not expired. Read after the view that it is used with.</summary>
    public ReadPoint Present => new(Clock.Visible, Expiry.Now());

    public SnapshotList Snapshots { get; }

    public CursorList Cursors { get; }

    /// <summary>Snapshots, transactions and cursors, for who asks what there is.</summary>
    public OpenReaders Readers { get; }

    public ViewCell Views { get; }

    public ViewReader Reader { get; }

    public WritePressure Pressure { get; }

    /// <summary>Null when the store keeps no log.</summary>
    public WriteAheadLog? Log { get; }

    public CommitQueue Commits { get; }

    public MaintenanceLoop Maintenance { get; }

    public static StoreParts Open(IFileSystem files, string directory, string displayName, LsmStoreOptions options)
    {
        var start = options.Time.GetTimestamp();
        var settings = OptionsSplit.Recovery(options);
        var telemetry = new StoreTelemetry(string.IsNullOrEmpty(options.Name) ? displayName : options.Name, options.Time);
        var chunks = new ChunkStock(limitBytes: options.MemtableBytes * CommitSettings.MostMemtables);
        RecoveredStore? recovered = null;
        try
        {
            using var measured = telemetry.BeginJob("recovery");
            recovered = StoreRecovery.Open(files, directory, displayName, settings, chunks);
            var parts = new StoreParts(recovered, options, telemetry);
            measured?.Completed();
            if (options.Mode != OpenMode.ReadOnly)
            {
                OptionsFile.Update(files, directory, OptionsSplit.Text(options));
            }

            parts.Events.Tell(listener => listener.OnRecoveryCompleted(
                new RecoveryCompleted(recovered.Versions.Current.TableCount, recovered.ReplayedEntries, (long)recovered.LastSequence, options.Time.GetElapsedTime(start))));
            return parts;
        }
        catch
        {
            recovered?.Memtable.Free();
            recovered?.Dispose();
            chunks.Dispose();
            telemetry.Dispose();
            throw;
        }
    }

    public BulkLoad BeginLoad(LsmStore store)
    {
        store.ThrowIfNotWritable();
        return new BulkLoad(_createLoad(), store.ThrowIfNotWritable);
    }

    /// <inheritdoc cref="LsmStore.TryInsert"/>
    public bool TryInsert(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Durability? durability, CancellationToken cancellation)
    {
        while (true)
        {
            // In this order: a write that the look-up misses is younger than `since`, and so in this memtable or in one that has replaced it.
            var active = Views.Current.Active;
            var since = Clock.Visible;
            if (Reader.Contains(key, point: null))
            {
                return false;
            }

            if (Commits.TryPutUnchanged(key, value, active, since, durability, cancellation))
            {
                return true;
            }
        }
    }

    /// <summary>The present moment, without what is in memory and will be flushed.</summary>
    public StoreImage TakeImage(LsmStoreOptions options)
    {
        var view = Views.Acquire();
        var unflushed = options.Mode == OpenMode.ReadOnly && !view.Active.IsEmpty ? view.Active : null;
        return new StoreImage(Recovered.Files, Recovered.Directory, Recovered.Versions, view, Clock.Visible, unflushed, OptionsSplit.Tables(options));
    }

    private static TreeLoad Load(Versions.Version version, LevelSettings levels) =>
        new(Level0Overlap.Depth(version.Level(0)), CompactionDebt.Bytes(version, levels), version.TotalBytes);

    /// <summary>Flushes, ends background work and lets the directory go. Whatever fails on the way, the directory is free afterwards.</summary>
    public void Close(bool isReadOnly)
    {
        Telemetry.Dispose();
        try
        {
            if (!isReadOnly)
            {
                CloseWriting();
            }
        }
        finally
        {
            using var gathering = GracePeriod.Gather();
            Pressure.Close();
            Commits.Shut(); // before the log: a commit may be copying into it
            Maintenance.Dispose();
            Log?.Dispose();
            _sweep.CloseAll();
            Recovered.Dispose();
            Views.Dispose();
            Pending.Dispose();
            Chunks.Dispose();
        }
    }

    private void CloseWriting()
    {
        try
        {
            Health.ThrowIfFailed();
            Commits.Freeze(andClose: true);
            Maintenance.WaitForFlush(CancellationToken.None);
            Log?.Close();
        }
        catch (Exception error) when (error is StoreException or IOException)
        {
            // With a log, nothing acknowledged is lost: the next open replays it. Without one this is the only place that knows of the loss.
            Health.Fail(error);
            TellLoss(error);
        }
    }

    private void TellLoss(Exception error)
    {
        var view = Views.Current;
        if (Log is null && (!view.Active.IsEmpty || view.Frozen.Length > 0))
        {
            var loss = new StoreFailedException($"The store was closed, and what was written since the last flush is lost: it keeps no log (Durability.Off), and memory could not be flushed. {error.Message}", error);
            Events.Tell(listener => listener.OnBackgroundError(loss));
        }
    }
}
