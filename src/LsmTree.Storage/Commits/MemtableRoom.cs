using LsmTree.Storage.Files;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Commits;

/// <summary>Finds room for the next commit: in the active memtable, in a fresh one, or by waiting for a flush.</summary>
/// <remarks>Called under the commit gate, but for <see cref="CreateOwn"/>, <see cref="MakeLogReady"/>, which creates a file, and <see cref="Make"/>, which also waits. <see cref="Drain"/> waits, and
/// has a file created, under it on purpose: no write may come between the flush and the load that asked for it.</remarks>
internal sealed class MemtableRoom
{
    private readonly ViewCell _views;
    private readonly WriteAheadLog? _log;
    private readonly StoreHealth _health;
    private readonly WritePressure _pressure;
    private readonly CommitSettings _settings;
    private readonly Func<ulong> _nextNumber;
    private readonly WorkSignal _flushWork;
    private readonly Func<bool>? _flushInline;
    private readonly ChunkStock _stock;
    private bool _isClosed;
    private ulong? _owedLog; // what BeginLog was given when no file could be begun; no record may be written before it is made good

    /// <param name="views">Where the active memtable is, and where a fresh one is installed.</param>
    /// <param name="log">The log; null when the store keeps none.</param>
    /// <param name="health">Asked before room is given.</param>
    /// <param name="pressure">Waits.</param>
    /// <param name="settings">Sizes.</param>
    /// <param name="nextNumber">Draws a file number when there is no log to draw one.</param>
    /// <param name="flushWork">Raised when a memtable was frozen.</param>
    /// <param name="flushInline">With no background threads: flushes one memtable here and now; false when there is none.</param>
    /// <param name="stock">Memory for fresh memtables.</param>
    public MemtableRoom(ViewCell views, WriteAheadLog? log, StoreHealth health, WritePressure pressure, CommitSettings settings, Func<ulong> nextNumber, WorkSignal flushWork, Func<bool>? flushInline, ChunkStock stock)
    {
        _views = views;
        _log = log;
        _health = health;
        _pressure = pressure;
        _settings = settings;
        _nextNumber = nextNumber;
        _flushWork = flushWork;
        _flushInline = flushInline;
        _stock = stock;
    }

    /// <summary>True with no background threads: whoever needs a flush does it.</summary>
    public bool FlushesInline => _flushInline is not null;

    /// <summary>Lets no commit in any more: what comes now would meet a log that is being closed.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Lets a commit begin, or says why not.</summary>
    /// <exception cref="ObjectDisposedException">The store is being closed.</exception>
    /// <exception cref="StoreFailedException">Writes have stopped.</exception>
    /// <exception cref="StoreFullException">The log that a load has made necessary still finds no space.</exception>
    /// <exception cref="IOException">That log still cannot be created.</exception>
    public void Enter()
    {
        ThrowIfStopped();
        if (_owedLog is { } committed)
        {
            BeginOwedLog(committed);
        }
    }

    /// <summary>The memtable to write to, a fresh one if need be; null when the caller must <see cref="Make"/> room after <paramref name="generation"/>.</summary>
    public Memtable? TryGet(out long generation)
    {
        Enter();
        generation = _views.Generation;
        var view = _views.Current;
        if (view.Active.Bytes < _settings.MemtableBytes || view.Active.IsEmpty)
        {
            return view.Active;
        }

        return TryEmptyActive(out generation) ? _views.Current.Active : null;
    }

    /// <summary>Freezes the active memtable unless it is empty; false when the caller must <see cref="Make"/> room after <paramref name="generation"/>.</summary>
    /// <exception cref="ObjectDisposedException">The store is being closed.</exception>
    /// <exception cref="StoreFailedException">Writes have stopped; a rotation may have been what failed, and then the log may have a successor on the disk already.</exception>
    public bool TryEmptyActive(out long generation)
    {
        generation = _views.Generation;
        var view = _views.Current;
        if (view.Active.IsEmpty)
        {
            return true;
        }

        ThrowIfStopped();

        // Without a file to go on in, one is made outside the gate: an fsync belongs to it.
        if (view.Frozen.Length >= _settings.MaxFrozen || _log is { HasSpare: false })
        {
            return false;
        }

        // The file comes first: if there is none to be had, the memtable stays as it is and the write is refused.
        var number = _log?.Rotate() ?? _nextNumber();
        _views.Rotate(Fresh(view.Active), number);
        _flushWork.Raise();
        return true;
    }

    /// <summary>Has everything in memory flushed; the gate stays closed meanwhile, and no thread that flushes asks for it.</summary>
    /// <returns>The number below which logs are obsolete: the current one, too, which may hold records of writes that failed. Follow with <see cref="BeginLog"/>.</returns>
    /// <exception cref="StoreException">A flush cannot be carried out.</exception>
    public ulong Drain()
    {
        Enter();
        while (true)
        {
            MakeLogReady(); // under the gate, as all that is to come here
            if (TryEmptyActive(out var generation) && _views.Current.Frozen.Length == 0)
            {
                return _log is null ? 0 : _log.CurrentNumber + 1;
            }

            if (_flushInline is not null)
            {
                _flushInline();
            }
            else
            {
                _pressure.WaitForChange(Bottleneck.Memtables, generation, CancellationToken.None);
            }
        }
    }

    /// <summary>
    /// Begins a log for what follows tables that were committed past the log, up to <paramref name="committed"/>. Never throws what the disk refuses: the tables are in
    /// force, and need no log. When there is no space for it, or no file can be created, the next write begins it, or is refused; any other error stops writes, and
    /// the next one is told.
    /// </summary>
    public void BeginLog(ulong committed)
    {
        try
        {
            BeginOwedLog(committed);
        }
        catch (Exception error) when (error is StoreFullException or FileNotOpenedException)
        {
            _owedLog = committed;
        }
        catch (StoreFailedException)
        {
            // The store's health has it.
        }
    }

    private void BeginOwedLog(ulong committed)
    {
        _log?.Rotate(committed);
        _owedLog = null;
    }

    /// <summary>
    /// Inserts what the log holds by now. When there is no memory for it, the log has a record that the memtable has not, or not whole: writes stop, nothing of that
    /// memtable gets into a table, and the next opening finds the record.
    /// </summary>
    /// <exception cref="StoreFailedException">There was no memory.</exception>
    public void Insert(Memtable memtable, EntryKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong sequence)
    {
        try
        {
            memtable.Add(kind, key, value, sequence);
        }
        catch (Exception error)
        {
            throw Stop(error);
        }
    }

    /// <inheritdoc cref="Insert(Memtable, EntryKind, ReadOnlySpan{byte}, ReadOnlySpan{byte}, ulong)"/>
    public void Insert(Memtable memtable, ReadOnlySpan<byte> batch, ulong firstSequence)
    {
        try
        {
            memtable.Add(batch, firstSequence);
        }
        catch (Exception error)
        {
            throw Stop(error);
        }
    }

    /// <summary>As <see cref="Insert(Memtable, ReadOnlySpan{byte}, ulong)"/>, of a batch that is a memtable already: it takes the place of the active one, which is empty.</summary>
    /// <exception cref="StoreFailedException">There was no memory.</exception>
    public void Replace(OwnMemtable own, ulong last)
    {
        try
        {
            own.Memtable.Renumber(last);
            _views.ReplaceActive(own.Memtable);
            own.Installed();
        }
        catch (Exception error)
        {
            throw Stop(error);
        }
    }

    private void ThrowIfStopped()
    {
        _health.ThrowIfFailed();
        if (_isClosed)
        {
            throw new ObjectDisposedException("LsmStore", "The store was closed before this write began.");
        }
    }

    private StoreFailedException Stop(Exception cause)
    {
        _health.Fail(cause);
        return new StoreFailedException($"The write was logged, and could not be made visible: {cause.Message} Close the store and open it again: it is there then, or the log had not reached the disk.", cause, outcomeUnknown: true);
    }

    /// <summary>An empty memtable that is in no view yet. Dispose it in any case.</summary>
    public OwnMemtable CreateOwn() => new(new Memtable(stock: _stock), _views);

    /// <summary>A memtable after a full one will probably be filled, too, and begins with a chunk from the stock.</summary>
    private Memtable Fresh(Memtable before) =>
        before.Bytes >= Math.Max(_settings.MemtableBytes, Arena.MaxChunkBytes) ? new Memtable(Arena.MaxChunkBytes, _stock) : new Memtable(stock: _stock);

    /// <summary>Makes the next log ready, so that the active memtable can be frozen; nothing when that is empty.</summary>
    public void MakeLogReady()
    {
        if (!_views.Current.Active.IsEmpty)
        {
            _log?.EnsureSpare();
        }
    }

    /// <summary>Returns when what was missing is there, which another may take first: ask again then. What is missing is the next log, or else a change of the view since <paramref name="generation"/>.</summary>
    public void Make(long generation, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_log is not null && _views.Current.Frozen.Length < _settings.MaxFrozen)
        {
            MakeLogReady(); // or another thread has: no view changes with that, so nobody may wait for one
        }
        else if (_flushInline is null)
        {
            _pressure.WaitForRoom(Bottleneck.Memtables, generation, cancellation);
        }
        else
        {
            _flushInline();
        }
    }
}
