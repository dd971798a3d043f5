using System.Diagnostics;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Cursors;

namespace LsmTree.Storage.Tables;

/// <summary>Walks the entries of a table: a position in the index, and a cursor over that block.</summary>
/// <remarks>
/// <para>A block comes from its slot when it is cached. A forward walk that has missed twice in a row fetches 64 KiB of neighbours at a time; the blocks
/// are then checked and decoded where they lie, or copied into the cache when the cursor fills it.</para>
/// <para>The cursor has a pin of the cached block that it is in, since it is in no <see cref="Memory.ReadSection"/> from one move to the next. One that is
/// never disposed keeps that block, and nothing else.</para>
/// <para>A seek may be given this cursor's own key ("skip the other versions of this one"): it is copied first, since the seek writes over it.</para>
/// </remarks>
internal sealed class TableCursor : ICursor, IPlainRun
{
    /// <summary>Blocks that a walk fetches one by one before it reads ahead: a short range ends within them.</summary>
    private const int MissesBeforeReadAhead = 2;

    /// <summary>Cache lines of the next block's first entries that a walk asks for when it enters a block: two or three entries of 100 bytes.</summary>
    private const int LinesToPrefetch = 4;

    private readonly Table _table;
    private readonly TableIndex _index;
    private readonly BlockSlots _slots;
    private readonly BlockReader _reader;
    private readonly BlockCache _cache;
    private readonly bool _fillCache;
    private readonly PerfContext? _perf;
    private readonly BlockCursor _entries = new();

    private ReadAhead? _readAhead;
    private BlockFrame _pinned; // of the block that the cursor is in, when that is the cache's
    private int _ordinal;
    private bool _isPlain; // the block that the cursor is in
    private int _missesInARow;
    private long _hits;
    private long _misses;
    private long _readAheads;

    /// <param name="table">The table.</param>
    /// <param name="index">Its index.</param>
    /// <param name="slots">Its cached blocks.</param>
    /// <param name="reader">Its file.</param>
    /// <param name="cache">The cache that has them.</param>
    /// <param name="fillCache">Whether blocks that are read are cached; else the cursor leaves no trace there.</param>
    /// <param name="perf">Where the costs are counted, too; null for nowhere.</param>
    public TableCursor(Table table, TableIndex index, BlockSlots slots, BlockReader reader, BlockCache cache, bool fillCache, PerfContext? perf)
    {
        _perf = perf;
        _table = table;
        _index = index;
        _slots = slots;
        _reader = reader;
        _cache = cache;
        _fillCache = fillCache;
    }

    public bool IsValid => _entries.IsValid;

    public ReadOnlySpan<byte> Key => _entries.Key;

    public ulong Trailer => _entries.Trailer;

    public ReadOnlySpan<byte> Value => _entries.Value;

    public BlockCursor? PlainBlock => _entries.IsValid && _isPlain ? _entries : null;

    public void SeekToFirst() => LoadFirstOf(0);

    public void SeekToLast() => LoadLastOf(_index.Count - 1);

    public void Seek(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        userKey = Detached(userKey);
        var ordinal = Find(userKey, trailer);
        if (ordinal == _index.Count)
        {
            Leave();
            return;
        }

        Load(ordinal, isNext: false);
        if (!_entries.Seek(userKey, trailer))
        {
            // The key falls between the last entry of the block and its separator.
            ThrowIfDamaged();
            LoadFirstOf(ordinal + 1);
        }
    }

    public void SeekBefore(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        userKey = Detached(userKey);
        var ordinal = Find(userKey, trailer);
        if (ordinal == _index.Count)
        {
            LoadLastOf(ordinal - 1);
            return;
        }

        Load(ordinal, isNext: false);
        if (!_entries.SeekBefore(userKey, trailer))
        {
            // The key is at or before the first entry of the block.
            ThrowIfDamaged();
            LoadLastOf(ordinal - 1);
        }
    }

    public void Next()
    {
        Debug.Assert(IsValid, "Next from no entry");
        if (!_entries.Next())
        {
            ThrowIfDamaged();
            LoadFirstOf(_ordinal + 1);
        }
    }

    public void Prev()
    {
        Debug.Assert(IsValid, "Prev from no entry");
        if (!_entries.Prev())
        {
            ThrowIfDamaged();
            LoadLastOf(_ordinal - 1);
        }
    }

    /// <summary>
    /// When the cursor is at the first entry of a plain block (<see cref="TableIndex"/>) whose every key is below the bound, moves to the first entry of
    /// the next block, or to none, and gives the number of entries it passed. Otherwise stays where it is.
    /// </summary>
    public bool TrySkipPlainBlock(ReadOnlySpan<byte> upperBound, bool hasUpperBound, out int count)
    {
        count = 0;
        if (!_entries.IsAtFirst || !_isPlain)
        {
            return false;
        }

        using (_table.Enter())
        {
            if (hasUpperBound && !_index.IsBelow(_ordinal, upperBound))
            {
                return false;
            }

            count = _index.EntriesOf(_ordinal);
        }

        LoadFirstOf(_ordinal + 1);
        return true;
    }

    public void Dispose()
    {
        Leave();
        _readAhead = null;
        _table.Report(_hits, _misses, _readAheads);
        _readAheads = 0;
        _hits = 0;
        _misses = 0;
    }

    /// <summary>Is at no entry, and lets the block go.</summary>
    private void Leave()
    {
        _entries.Clear();
        if (_pinned.Exists)
        {
            _cache.Release(_pinned);
            _pinned = default;
        }
    }

    private void Pin(BlockFrame frame)
    {
        frame.Pin();
        _pinned = frame;
    }

    private ReadOnlySpan<byte> Detached(ReadOnlySpan<byte> userKey) =>
        _entries.IsValid && userKey.Overlaps(_entries.Key) ? userKey.ToArray() : userKey;

    private int Find(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        using var reading = _table.Enter();
        return _index.Find(userKey, trailer);
    }

    private void LoadFirstOf(int ordinal)
    {
        if (ordinal >= _index.Count)
        {
            Leave();
            return;
        }

        Load(ordinal, isNext: ordinal == _ordinal + 1);
        if (!_entries.SeekToFirst())
        {
            ThrowIfDamaged();
        }
    }

    private void LoadLastOf(int ordinal)
    {
        if (ordinal < 0)
        {
            Leave();
            return;
        }

        Load(ordinal, isNext: false);
        if (!_entries.SeekToLast())
        {
            ThrowIfDamaged();
        }
    }

    /// <summary>Turns to a block, at none of its entries. When it throws, the cursor is at none either.</summary>
    private void Load(int ordinal, bool isNext)
    {
        Leave();
        using var reading = _table.Enter();
        _ordinal = ordinal;
        _isPlain = _index.IsPlain(ordinal);
        if (_fillCache ? _slots.TryGet(ordinal, out var block) : _slots.TryPeek(ordinal, out block))
        {
            Pin(block.Frame);
            _hits++;
            _missesInARow = 0;
            block.PrefetchRestarts(_index.Handle(ordinal).Size);
            if (isNext && ordinal + 1 < _index.Count && _slots.TryPeek(ordinal + 1, out var following))
            {
                following.Prefetch(0, LinesToPrefetch);
                following.PrefetchRestarts(_index.Handle(ordinal + 1).Size);
            }

            if (_perf is not null)
            {
                _perf.BlockCacheHits++;
            }
        }
        else
        {
            _misses++;
            _missesInARow = isNext ? _missesInARow + 1 : 1;
            if (_perf is not null)
            {
                _perf.BlocksRead++;
            }

            block = Fetch(ordinal);
        }

        _entries.Reset(block);
    }

    private Block Fetch(int ordinal)
    {
        var handle = _index.Handle(ordinal);
        if (!TryReadAhead(ordinal, handle, out var start))
        {
            CountRead(handle.Size + BlockFormat.TrailerBytes);
            if (_fillCache && _reader.TryRead(_cache, handle, out var read))
            {
                return Keep(read, ordinal);
            }

            return Decode(_reader.Read(handle), handle);
        }

        var stored = _readAhead!.Array.AsSpan(start, handle.Size + BlockFormat.TrailerBytes);
        if (_fillCache && _reader.TryCopy(_cache, stored, handle, out var copy))
        {
            return Keep(copy, ordinal);
        }

        if (_reader.Check(stored, handle) == Compression.None)
        {
            return _reader.Decode(_readAhead.Array, start, handle.Size, handle);
        }

        return Decode(_reader.Copy(stored, handle), handle);
    }

    private bool TryReadAhead(int ordinal, BlockHandle handle, out int start)
    {
        start = 0;
        if (_readAhead is not null && _readAhead.TryFind(handle, out start))
        {
            return true;
        }

        if (_missesInARow <= MissesBeforeReadAhead)
        {
            return false;
        }

        _readAhead ??= new ReadAhead();
        if (!_readAhead.TryFill(_reader, _index, ordinal, out var bytes))
        {
            return false;
        }

        _readAheads++;
        CountRead(bytes);
        return _readAhead.TryFind(handle, out start);
    }

    private void CountRead(int bytes)
    {
        if (_perf is not null)
        {
            _perf.FileReads++;
            _perf.BytesRead += bytes;
        }
    }

    private Block Keep(BlockFrame frame, int ordinal)
    {
        Pin(frame);
        _cache.Insert(_slots, ordinal, frame);
        return Block.FromChecked(frame);
    }

    private Block Decode(byte[] array, BlockHandle handle) => _reader.Decode(array, 0, array.Length - BlockFormat.TrailerBytes, handle);

    private void ThrowIfDamaged()
    {
        if (_entries.IsDamaged)
        {
            _table.ThrowDamaged(_ordinal);
        }
    }
}
