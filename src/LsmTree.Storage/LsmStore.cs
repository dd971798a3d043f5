using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Storage.Backups;
using LsmTree.Storage.Files;
using LsmTree.Storage.Inspection;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage;

/// <summary>An ordered, crash-safe key-value store in one directory: bytes in, bytes out. Thread-safe.</summary>
/// <remarks>
/// <para>One store object at a time may have a directory open for writing, over all processes of the machine. Flushes and compactions run on threads that <see cref="Open"/> starts; there is
/// nothing to remember but <see cref="Dispose"/>, and forgetting that loses nothing that the durability mode promised. The default durability is <see cref="Durability.Normal"/>: a write survives the death of the process; a power cut may lose the newest.</para>
/// <para>Besides what is said of each, every method throws <see cref="ObjectDisposedException"/> after <see cref="Dispose"/>; those that write or maintain throw <see cref="InvalidOperationException"/>
/// in a store that was opened read-only, <see cref="StoreFullException"/> when the disk is full (nothing was written) and <see cref="StoreFailedException"/> when an error has stopped
/// writes; those that read throw <see cref="CorruptionException"/> where they meet damage, and all <see cref="IOException"/> when the operating system refuses.</para>
/// </remarks>
public sealed class LsmStore : IDisposable
{
    private readonly StoreParts _parts;
    private int _disposed;

    private LsmStore(StoreParts parts, LsmStoreOptions options)
    {
        _parts = parts;
        Options = options;
    }

    /// <summary>The canonical path of the directory; ":memory:" for a store in memory.</summary>
    public string Directory => _parts.Recovered.DisplayName;

    /// <summary>What metrics and traces call the store: <see cref="LsmStoreOptions.Name"/> or the directory, with a number when another open store has that name.</summary>
    public string Name => _parts.Telemetry.Name;

    /// <summary>The settings that the store was opened with.</summary>
    public LsmStoreOptions Options { get; }

    /// <summary>True when the store was opened with <see cref="OpenMode.ReadOnly"/>.</summary>
    public bool IsReadOnly => Options.Mode == OpenMode.ReadOnly;

    /// <summary>The sequence number of the newest visible write: the store's time. Grows by one with every entry written.</summary>
    public long LastSequence => (long)_parts.Clock.Visible;

    /// <summary>The format that the store's files need, from 1. It grows when something is first used that older programs do not read.</summary>
    public int FormatVersion => (int)_parts.Recovered.Versions.Format;

    /// <summary>Opens the store in <paramref name="directory"/>, recovering it from whatever ended its last use.</summary>
    /// <param name="directory">The directory; created when it is absent and the mode allows.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="StoreLockedException">Another process or object has it open; the message says who.</exception>
    /// <exception cref="StoreFormatException">The directory is not a store, or one of a newer format.</exception>
    /// <exception cref="CorruptionException">A file that recovery needs is damaged. Nothing was changed.</exception>
    /// <exception cref="IOException">The operating system refused.</exception>
    public static LsmStore Open(string directory, LsmStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var files = new DiskFileSystem();
        return OpenOn(files, files.Canonicalize(directory), null, options ?? new LsmStoreOptions());
    }

    /// <summary>Opens a store in memory only, private to its object and gone with it: the same engine over a file system in memory.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    public static LsmStore OpenInMemory(LsmStoreOptions? options = null) =>
        OpenOn(new MemoryFileSystem(), "/memory", ":memory:", options ?? new LsmStoreOptions());

    /// <summary>Gives <paramref name="key"/> the value <paramref name="value"/>.</summary>
    /// <param name="key">At most 64 KiB; may be empty. Copied.</param>
    /// <param name="value">At most 512 MiB; may be empty. Copied.</param>
    /// <param name="durability">What to wait for; null for the store's own. Can only ask for more.</param>
    /// <param name="cancellationToken">Looked at before the write begins and while it waits for room; a write that has begun completes.</param>
    /// <exception cref="ArgumentException">Key or value is too large, or the durability is less than the store's.</exception>
    /// <exception cref="StoreFullException">The disk is full; the write is not there.</exception>
    /// <exception cref="StoreFailedException">An earlier error has stopped writes.</exception>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Durability? durability = null, CancellationToken cancellationToken = default)
    {
        ThrowIfNotWritable();
        _parts.Commits.Put(key, value, durability, cancellationToken);
    }

    /// <summary>Gives <paramref name="key"/> the value <paramref name="value"/> until <paramref name="expiresAt"/>, when it is absent by itself.</summary>
    /// <remarks>Expiry is judged at reading, by <see cref="LsmStoreOptions.Time"/>; a snapshot, a transaction and a cursor judge by the moment at which they were
    /// created. Compactions give the space back. The first such write of a store raises its format (docs/decisions/0005).</remarks>
    /// <param name="key">At most 64 KiB; may be empty. Copied.</param>
    /// <param name="value">At most 512 MiB; may be empty. Copied.</param>
    /// <param name="expiresAt">The moment from which the key is absent; rounded up to a millisecond. A moment in the past is legal.</param>
    /// <param name="durability">What to wait for; null for the store's own. Can only ask for more.</param>
    /// <param name="cancellationToken">Looked at before the write begins and while it waits for room; a write that has begun completes.</param>
    /// <exception cref="ArgumentException">Key or value is too large, or the durability is less than the store's.</exception>
    /// <exception cref="StoreFullException">The disk is full; the write is not there.</exception>
    /// <exception cref="StoreFailedException">An earlier error has stopped writes.</exception>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, DateTimeOffset expiresAt, Durability? durability = null, CancellationToken cancellationToken = default)
    {
        var batch = new WriteBatch();
        batch.Put(key, value, expiresAt);
        Write(batch, durability, cancellationToken);
    }

    /// <summary>Gives <paramref name="key"/> a value unless it has one. Of several that try at once, one succeeds.</summary>
    /// <param name="key">At most 64 KiB; may be empty. Copied.</param>
    /// <param name="value">At most 512 MiB; may be empty. Copied.</param>
    /// <param name="durability">What to wait for; null for the store's own. Can only ask for more.</param>
    /// <param name="cancellationToken">Looked at while the write waits for room; one that has begun completes.</param>
    /// <returns>False when the key is present; nothing was written then.</returns>
    /// <exception cref="ArgumentException">Key or value is too large, or the durability is less than the store's.</exception>
    /// <exception cref="StoreFullException">The disk is full; the write is not there.</exception>
    /// <exception cref="StoreFailedException">An earlier error has stopped writes.</exception>
    public bool TryInsert(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Durability? durability = null, CancellationToken cancellationToken = default)
    {
        ThrowIfNotWritable();
        return _parts.TryInsert(key, value, durability, cancellationToken);
    }

    /// <summary>Deletes <paramref name="key"/>; no error when it is absent.</summary>
    /// <param name="key">At most 64 KiB; may be empty.</param>
    /// <param name="durability">What to wait for; null for the store's own. Can only ask for more.</param>
    /// <param name="cancellationToken">Looked at before the write begins and while it waits for room; a write that has begun completes.</param>
    public void Delete(ReadOnlySpan<byte> key, Durability? durability = null, CancellationToken cancellationToken = default)
    {
        ThrowIfNotWritable();
        _parts.Commits.Delete(key, durability, cancellationToken);
    }

    /// <summary>Deletes every key in [<paramref name="from"/>, <paramref name="to"/>) at the cost of one entry.</summary>
    /// <param name="from">The first key that goes.</param>
    /// <param name="to">The first key that stays.</param>
    /// <param name="durability">What to wait for; null for the store's own. Can only ask for more.</param>
    /// <param name="cancellationToken">Looked at before the write begins and while it waits for room; a write that has begun completes.</param>
    public void DeleteRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, Durability? durability = null, CancellationToken cancellationToken = default)
    {
        var batch = new WriteBatch();
        batch.DeleteRange(from, to);
        Write(batch, durability, cancellationToken);
    }

    /// <summary>Applies a batch atomically, as one log record. The batch is unchanged; it may be cleared and used again.</summary>
    /// <param name="batch">The edits.</param>
    /// <param name="durability">What to wait for; null for the store's own. Can only ask for more.</param>
    /// <param name="cancellationToken">Looked at before the write begins and while it waits for room; a write that has begun completes.</param>
    public void Write(WriteBatch batch, Durability? durability = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ThrowIfNotWritable();
        _parts.Commits.Write(batch.Buffer, durability, null, cancellationToken);
    }

    /// <summary>As <see cref="Write"/>, but a Full write waits for its fsync without holding a thread. (While writes are stalled it waits for room as <see cref="Write"/> does, before it returns.) The batch may be reused once this has returned a task.</summary>
    /// <param name="batch">The edits.</param>
    /// <param name="durability">What to wait for; null for the store's own. Can only ask for more.</param>
    /// <param name="cancellationToken">Looked at before the write begins and while it waits for room; a write that has begun completes.</param>
    public ValueTask WriteAsync(WriteBatch batch, Durability? durability = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ThrowIfNotWritable();
        return _parts.Commits.WriteAsync(batch.Buffer, durability, null, cancellationToken);
    }

    /// <summary>Reads a value into a new array.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; null when the key is absent.</param>
    /// <param name="snapshot">The moment to read; null for now.</param>
    /// <returns>Whether the key is present.</returns>
    /// <exception cref="CorruptionException">The block that would hold the key is damaged.</exception>
    public bool TryGet(ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value, Snapshot? snapshot = null)
    {
        using var reading = ReadSection.Enter();
        var isPresent = Find(key, snapshot, out var found);
        value = isPresent ? found.ToArray() : null;
        return isPresent;
    }

    /// <summary>Copies a value into <paramref name="destination"/>. Allocates nothing when it is in memory.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Where the value goes. When it is too short nothing is copied: call again with one of <paramref name="length"/>.</param>
    /// <param name="length">The length of the value, in bytes, also when it does not fit; 0 when the key is absent.</param>
    /// <param name="snapshot">The moment to read; null for now.</param>
    /// <returns>Whether the key is present.</returns>
    public bool TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length, Snapshot? snapshot = null)
    {
        using var reading = ReadSection.Enter();
        var isPresent = Find(key, snapshot, out var found);
        length = isPresent ? FoundValue.CopyIfFits(found, destination) : 0;
        return isPresent;
    }

    /// <summary>Writes a value to <paramref name="destination"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Where the value goes.</param>
    /// <param name="snapshot">The moment to read; null for now.</param>
    /// <returns>Whether the key is present.</returns>
    public bool TryGet(ReadOnlySpan<byte> key, IBufferWriter<byte> destination, Snapshot? snapshot = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var isPresent = TryLease(key, out var lease, snapshot);
        using var held = lease;
        if (isPresent)
        {
            destination.Write(held.Value); // the caller's code, which may take its time: not in a read section
        }

        return isPresent;
    }

    /// <summary>Gives a value where it lies, without a copy. Dispose the lease.</summary>
    /// <param name="key">The key.</param>
    /// <param name="lease">The value; holds nothing when the key is absent.</param>
    /// <param name="snapshot">The moment to read; null for now.</param>
    /// <returns>Whether the key is present.</returns>
    public bool TryLease(ReadOnlySpan<byte> key, out ValueLease lease, Snapshot? snapshot = null)
    {
        var isPresent = _parts.Reader.TryLease(key, PointOf(snapshot), out var held);
        lease = isPresent ? new ValueLease(held) : default;
        return isPresent;
    }

    /// <summary>Reads many values as of one moment. Keys that lie near each other are found together, so this is faster than as many single reads.</summary>
    /// <param name="keys">The keys, in any order; one may occur twice.</param>
    /// <param name="values">Receives the values, in the order of the keys.</param>
    /// <param name="snapshot">The moment to read; null for now.</param>
    /// <returns>How many keys are present.</returns>
    /// <exception cref="CorruptionException">A block that would hold one of the keys is damaged; <paramref name="values"/> is empty.</exception>
    public int MultiGet(ReadOnlySpan<ReadOnlyMemory<byte>> keys, ValueSet values, Snapshot? snapshot = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Load(_parts.Reader, keys, PointOf(snapshot));
    }

    /// <summary>Whether <paramref name="key"/> is present.</summary>
    /// <param name="key">The key.</param>
    /// <param name="snapshot">The moment to read; null for now.</param>
    public bool Contains(ReadOnlySpan<byte> key, Snapshot? snapshot = null) => _parts.Reader.Contains(key, PointOf(snapshot));

    /// <summary>A cursor over one moment of the store. It is at no entry until a seek. Dispose it.</summary>
    /// <param name="options">Bounds, moment and the rest; null for everything, now.</param>
    public StoreCursor CreateCursor(CursorOptions? options = null)
    {
        ThrowIfDisposed();
        var point = (options ??= CursorOptions.Default).Snapshot?.PointFor(_parts.Snapshots);
        var view = _parts.Views.Acquire();
        try
        {
            return new StoreCursor(view, point ?? _parts.Present, null, options, null, _parts.Cursors);
        }
        catch
        {
            view.Release();
            throw;
        }
    }

    /// <summary>Holds the present moment for later reads. Dispose it.</summary>
    public Snapshot CreateSnapshot()
    {
        ThrowIfDisposed();
        return new Snapshot(_parts.Snapshots);
    }

    /// <summary>Begins to load entries, sorted by key, straight into tables; <see cref="BulkLoad.Complete"/> commits them all at once. Dispose the load.</summary>
    public BulkLoad BeginBulkLoad() => _parts.BeginLoad(this);

    /// <summary>Begins an optimistic transaction over the present moment. Dispose it.</summary>
    /// <param name="isolation">What is checked when it commits.</param>
    public StoreTransaction BeginTransaction(TransactionIsolation isolation = TransactionIsolation.Snapshot)
    {
        ThrowIfDisposed();
        return new StoreTransaction(this, _parts.Reader, _parts.Views, _parts.Snapshots, _parts.Cursors, _parts.Commits, _parts.Pending, isolation);
    }

    /// <summary>Writes what is in memory to a table, and waits for it.</summary>
    /// <param name="cancellationToken">Ends the wait; the flush goes on.</param>
    public void Flush(CancellationToken cancellationToken = default)
    {
        ThrowIfNotWritable();
        _parts.Commits.Freeze(cancellation: cancellationToken);
        _parts.Maintenance.WaitForFlush(cancellationToken);
    }

    /// <summary>Merges everything, or the keys from <paramref name="from"/> to <paramref name="to"/>, both included, down to the last level, dropping what is obsolete. Flushes first.</summary>
    /// <param name="from">The first key; null from the start.</param>
    /// <param name="to">The last key; null to the end.</param>
    /// <param name="progress">Told on this thread how far it has come, about every mebibyte; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work between two entries; what was finished stays.</param>
    public void Compact(byte[]? from = null, byte[]? to = null, IProgress<CompactionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Flush(cancellationToken);
        _parts.Maintenance.Compact(new KeyRange(from ?? [], to), progress, cancellationToken);
    }

    /// <summary>Makes a consistent copy of the present moment in <paramref name="directory"/>, by hard links where the file system has them. It is a store of its own.</summary>
    /// <param name="directory">A directory that is absent or empty, or holds what an interrupted checkpoint has left.</param>
    /// <param name="cancellationToken">Ends the wait for the flush with which it begins, and the work between two tables; the directory is then no store.</param>
    public void CheckpointTo(string directory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        using var image = TakeImage(cancellationToken);
        Checkpoint.Write(image, _parts.Recovered.Files, _parts.Recovered.Files.Canonicalize(directory), OptionsSplit.Holder(Options.Time), cancellationToken);
    }

    /// <summary>Reads every byte of every file that counts and checks it: tables, logs, manifest, CURRENT and OPTIONS. The store may be in use.</summary>
    /// <param name="cancellationToken">Ends the work between two files.</param>
    public VerificationReport Verify(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        var view = _parts.Views.Acquire();
        try
        {
            return StoreVerification.Run(_parts.Recovered.Files, _parts.Recovered.Directory, _parts.Recovered.Versions, view.Version, cancellationToken);
        }
        finally
        {
            view.Release();
        }
    }

    /// <summary>Looks into the store: tables, sizes of ranges, properties by name.</summary>
    public StoreInspector Inspect() => new(this, _parts);

    /// <summary>Counters and gauges at this moment.</summary>
    public StoreStatistics GetStatistics() => StatisticsReport.Create(_parts.Recovered.Cache, _parts.Chunks, _parts.Views, _parts.Readers, _parts.Health, _parts.Counters, _parts.Log, _parts.Maintenance.Levels, _parts.Maintenance.PinnedTableBytes, _parts.Maintenance.CompactionFailure);

    /// <summary>The levels of the tree at this moment, from 0 to the last that holds tables.</summary>
    public IReadOnlyList<LevelStatistics> GetLevels() => StatisticsReport.Levels(_parts.Views.Current.Version, _parts.Maintenance.Levels, _parts.Counters);

    /// <summary>Runs one piece of background work on this thread. For <see cref="BackgroundMode.Manual"/>.</summary>
    /// <returns>False when there is nothing to do.</returns>
    public bool RunBackgroundStep()
    {
        ThrowIfNotWritable();
        return _parts.Maintenance.RunStep();
    }

    /// <summary>Flushes, ends background work and gives the directory free. Open cursors and transactions must not be used afterwards.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _parts.Close(IsReadOnly);
        }
    }

    /// <summary>Gives memory and threads back and flushes nothing: what is left of a store whose files have died. For tests of crashes, which open a great many.</summary>
    internal void Abandon()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _parts.Close(isReadOnly: true);
        }
    }

    internal static LsmStore OpenOn(IFileSystem files, string directory, string? displayName, LsmStoreOptions options)
    {
        var parts = StoreParts.Open(files, directory, displayName ?? directory, options);
        if (options is { Background: BackgroundMode.Threads, Mode: not OpenMode.ReadOnly })
        {
            parts.Maintenance.Start();
        }

        var store = new LsmStore(parts, options);
        parts.Telemetry.Publish(store.GetStatistics, store.GetLevels);
        return store;
    }

    /// <summary>Flushes and holds the present moment, to be copied. Dispose it.</summary>
    internal StoreImage TakeImage(CancellationToken cancellation = default)
    {
        ThrowIfDisposed();
        if (!IsReadOnly)
        {
            Flush(cancellation);
        }

        return _parts.TakeImage(Options);
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);

    internal void ThrowIfNotWritable()
    {
        ThrowIfDisposed();
        if (IsReadOnly)
        {
            throw new InvalidOperationException($"The store in {Directory} was opened read-only.");
        }
    }

    /// <summary>Finds a value where it lies. The caller is in a <see cref="ReadSection"/>, and looks at the value while it is.</summary>
    private bool Find(ReadOnlySpan<byte> key, Snapshot? snapshot, out ReadOnlySpan<byte> found) => _parts.Reader.TryFind(key, PointOf(snapshot), out found);

    private ReadPoint? PointOf(Snapshot? snapshot)
    {
        ThrowIfDisposed();
        return snapshot?.PointFor(_parts.Snapshots);
    }
}
