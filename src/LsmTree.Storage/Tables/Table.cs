using System.Diagnostics.CodeAnalysis;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.Memory;
using LsmTree.Storage.RangeTombstones;

namespace LsmTree.Storage.Tables;

/// <summary>An open table. Immutable but for its cached blocks; any number of threads read it at once, without locks.</summary>
/// <remarks>
/// <para>A lookup goes filter → index → slot → block. The first two and the slots are in memory as long as the table is open; a cached block
/// is one volatile read away (<see cref="BlockSlots"/>); only a block that is not cached touches the file.</para>
/// <para>Index, filter and cached blocks are native memory, which goes when the table is closed, or the block evicted, and nobody can be reading it any more.
/// So everything here happens in a <see cref="ReadSection"/>, and finds out in that section whether the table is closed; who needs a block for longer pins it.</para>
/// </remarks>
internal sealed class Table : IDisposable
{
    private readonly IReadFile _file;
    private readonly BlockReader _reader;
    private readonly BlockCache _cache;
    private readonly BlockSlots _slots;
    private readonly TableIndex _index;
    private readonly BloomFilter? _filter;
    private readonly TableParts _parts;
    private bool _isClosed; // volatile

    private Table(IReadFile file, BlockReader reader, BlockCache cache, TableParts parts)
    {
        _file = file;
        _reader = reader;
        _cache = cache;
        _parts = parts;
        _index = parts.Index;
        _filter = parts.Filter;
        _slots = new BlockSlots(parts.Index.Count, PinnedBytesOf(parts));
    }

    public ulong FileNumber => _parts.Footer.FileNumber;

    public TableProperties Properties => _parts.Properties;

    public RangeTombstoneList RangeTombstones => _parts.RangeTombstones;

    /// <summary>Memory that index, filter, range tombstones and slots hold while the table is open, in bytes. The cache has that much less for blocks.</summary>
    public long PinnedBytes => _slots.PinnedBytes;

    /// <summary>A section in which index, filter and cached blocks stay where they are.</summary>
    /// <exception cref="ObjectDisposedException">The table was closed.</exception>
    public ReadSection Enter()
    {
        var section = ReadSection.Enter();
        if (Volatile.Read(ref _isClosed))
        {
            section.Dispose();
            ThrowClosed();
        }

        return section;
    }

    /// <summary>Opens a table and takes ownership of <paramref name="file"/>, also when it throws.</summary>
    /// <exception cref="CorruptionException">A part is damaged, or the file is not that table of that store.</exception>
    /// <exception cref="StoreFormatException">The table is newer than this library.</exception>
    public static Table Open(IReadFile file, ulong storeId, ulong fileNumber, BlockCache cache)
    {
        Table? table = null;
        try
        {
            var reader = new BlockReader(file, BlockChecksum.ForFile(storeId, fileNumber));
            table = new Table(file, reader, cache, TableParts.Read(file, reader, storeId, fileNumber));
            cache.Open(table._slots);
            return table;
        }
        finally
        {
            if (table is null)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>False when no entry of this table has <paramref name="userKey"/>. (A range tombstone may cover it all the same.)</summary>
    public bool MayContain(ReadOnlySpan<byte> userKey)
    {
        using var reading = Enter();
        return _filter is null ? _index.Count > 0 : _filter.MayContain(BloomFilter.Hash(userKey));
    }

    /// <summary>Looks for the newest entry of a user key that is old enough. Allocates nothing when the block is cached.</summary>
    /// <remarks>The caller is in a <see cref="ReadSection"/>. A table that was closed needs a read, which it refuses.</remarks>
    /// <param name="userKey">The user key.</param>
    /// <param name="seekTrailer">The largest trailer that the caller may see (<see cref="Keys.Trailer.ForSeek"/>).</param>
    /// <param name="tier">Whether the file may be read.</param>
    /// <param name="counters">Is added to, unless the outcome is <see cref="LookupOutcome.NeedsRead"/>.</param>
    /// <param name="trailer">The entry's trailer, when found.</param>
    /// <param name="value">The entry's value, when found. It stays as long as the caller's section, and longer for who pins <see cref="TableCounters.Frame"/>.</param>
    /// <exception cref="CorruptionException">The block is damaged.</exception>
    public LookupOutcome TryGet(
        ReadOnlySpan<byte> userKey, ulong seekTrailer, ReadTier tier, scoped ref TableCounters counters, out ulong trailer, out ReadOnlySpan<byte> value)
    {
        trailer = 0;
        value = default;
        if (Volatile.Read(ref _isClosed))
        {
            return tier == ReadTier.CacheOnly ? LookupOutcome.NeedsRead : ThrowClosed();
        }

        if (_filter is not null && !_filter.MayContain(BloomFilter.Hash(userKey)))
        {
            counters.FilterProbes++;
            counters.FilterRejections++;
            return LookupOutcome.Absent;
        }

        var ordinal = _index.Find(userKey, seekTrailer);
        if (ordinal < _index.Count)
        {
            if (_slots.TryGet(ordinal, out var block))
            {
                counters.BlockHits++;
                block.PrefetchRestarts(_index.Handle(ordinal).Size);
            }
            else if (tier == ReadTier.CacheOnly)
            {
                return LookupOutcome.NeedsRead;
            }
            else
            {
                block = ReadAndCache(ordinal, ref counters);
            }

            switch (BlockSearch.Find(block, userKey, seekTrailer, out trailer, out value))
            {
                case BlockSearchResult.Found:
                    CountProbe(ref counters);
                    counters.Frame = block.Frame;
                    return LookupOutcome.Found;
                case BlockSearchResult.Damaged:
                    ThrowDamaged(ordinal);
                    break;
                default:
                    // The one block that could hold the key does not.
                    break;
            }
        }

        CountProbe(ref counters);
        return LookupOutcome.Absent;
    }

    /// <summary>
    /// As <see cref="TryGet"/> with <see cref="ReadTier.Disk"/>, for keys that ascend from call to call: a key in the block of the one before it costs no
    /// search of the index and no look at the cache.
    /// </summary>
    /// <param name="userKey">The user key, at or after the one before it.</param>
    /// <param name="seekTrailer">The largest trailer that the caller may see; the same for all keys.</param>
    /// <param name="visit">The default for the first key; then what the last call left. <see cref="End"/> it.</param>
    /// <param name="counters">Is added to.</param>
    /// <param name="trailer">The entry's trailer, when found.</param>
    /// <param name="value">The entry's value, when found. It stays until the next call with this visit.</param>
    /// <returns>Whether the table has an entry that the caller may see.</returns>
    /// <exception cref="CorruptionException">The block is damaged.</exception>
    public bool TryGetAscending(
        ReadOnlySpan<byte> userKey, ulong seekTrailer, ref BlockVisit visit, ref TableCounters counters, out ulong trailer, out ReadOnlySpan<byte> value)
    {
        using var reading = Enter();
        trailer = 0;
        value = default;
        CountProbe(ref counters);
        if (_filter is not null && !_filter.MayContain(BloomFilter.Hash(userKey)))
        {
            counters.FilterRejections++;
            return false;
        }

        var ordinal = visit.IsAtBlock && _index.Reaches(visit.Ordinal, userKey, seekTrailer) ? visit.Ordinal : _index.Find(userKey, seekTrailer);
        if (ordinal == _index.Count)
        {
            return false;
        }

        if (!visit.IsAtBlock || visit.Ordinal != ordinal)
        {
            End(ref visit);
            var block = Load(ordinal, ref counters);
            if (block.Frame is { Exists: true } frame)
            {
                frame.Pin(); // the section ends with this call
            }

            visit = new BlockVisit(true, ordinal, block);
        }

        var result = BlockSearch.Find(visit.Block, userKey, seekTrailer, out trailer, out value);
        if (result == BlockSearchResult.Damaged)
        {
            ThrowDamaged(ordinal);
        }

        return result == BlockSearchResult.Found;
    }

    /// <summary>Ends an ascending series of lookups: its values are no longer looked at.</summary>
    public void End(ref BlockVisit visit)
    {
        if (visit.Block.Frame is { Exists: true } frame)
        {
            _cache.Release(frame);
        }

        visit = default;
    }

    /// <summary>Bytes of the blocks of entries.</summary>
    public long DataBytes => _parts.Footer.DataEnd;

    /// <summary>Where the block begins that holds <paramref name="userKey"/>, or would; <see cref="DataBytes"/> when the key is above all.</summary>
    public long OffsetOf(ReadOnlySpan<byte> userKey)
    {
        using var reading = Enter();
        var ordinal = _index.Find(userKey, ulong.MaxValue);
        return ordinal < _index.Count ? _index.Handle(ordinal).Offset : DataBytes;
    }

    /// <summary>Where the block ends that holds <paramref name="userKey"/>, or would; <see cref="DataBytes"/> when the key is above all.</summary>
    public long OffsetBehind(ReadOnlySpan<byte> userKey)
    {
        using var reading = Enter();
        var ordinal = _index.Find(userKey, ulong.MaxValue);
        return ordinal < _index.Count ? _index.Handle(ordinal).End : DataBytes;
    }

    /// <summary>A cursor over the entries, at none yet.</summary>
    /// <param name="fillCache">Whether blocks that the cursor reads are cached. A scan of everything had better not.</param>
    /// <param name="perf">Where the costs are counted, besides the store's statistics; null for nowhere.</param>
    public TableCursor CreateCursor(bool fillCache, PerfContext? perf = null)
    {
        if (perf is not null)
        {
            perf.TableProbes++;
        }

        return new TableCursor(this, _index, _slots, _reader, _cache, fillCache, perf);
    }

    /// <summary>Reads everything, past the cache, and reports what is not as it should be: file offset and description.</summary>
    public void Verify(Action<long, string> onProblem, CancellationToken cancellationToken = default)
    {
        using var audit = new TableAudit(this, _file, _reader, _parts, onProblem);
        audit.Run(cancellationToken);
    }

    /// <summary>Drops the cached blocks, closes the file, and gives the memory back when the last reader has left its section. Whoever comes later is refused.</summary>
    public void Dispose()
    {
        using var gathering = GracePeriod.Gather();

        // Seen by whoever enters after the memory was retired: before it, nobody need see it.
        Volatile.Write(ref _isClosed, true);
        _cache.Close(_slots);
        _file.Dispose();
        _parts.Close();
    }

    /// <summary>Adds what a cursor read to the cache's counters.</summary>
    internal void Report(long hits, long misses, long readAheads) => _cache.Report(hits, misses, readAheads);

    [DoesNotReturn]
    private static LookupOutcome ThrowClosed()
    {
#pragma warning disable CA1513 // the helper would name this type; callers know the store, whose type this floor does not
        throw new ObjectDisposedException("LsmStore");
#pragma warning restore CA1513
    }

    [DoesNotReturn]
    internal void ThrowDamaged(int ordinal) =>
        CorruptionException.Throw(_file.Path, _index.Handle(ordinal).Offset, "a block of entries", "an entry that does not fit its block");

    private static long PinnedBytesOf(TableParts parts) =>
        parts.Index.PinnedBytes + (parts.Filter?.PinnedBytes ?? 0) + parts.Footer.RangeTombstones.Size + BlockSlots.BytesPerSlot * (long)parts.Index.Count;

    private void CountProbe(scoped ref TableCounters counters)
    {
        if (_filter is null)
        {
            counters.UnfilteredProbes++;
        }
        else
        {
            counters.FilterProbes++;
        }
    }

    private Block Load(int ordinal, ref TableCounters counters)
    {
        if (_slots.TryGet(ordinal, out var block))
        {
            counters.BlockHits++;
            return block;
        }

        return ReadAndCache(ordinal, ref counters);
    }

    private Block ReadAndCache(int ordinal, scoped ref TableCounters counters)
    {
        var handle = _index.Handle(ordinal);
        counters.BlockMisses++;
        counters.BytesRead += handle.Size + BlockFormat.TrailerBytes;
        if (!_reader.TryRead(_cache, handle, out var frame))
        {
            var array = _reader.Read(handle);
            return _reader.Decode(array, 0, array.Length - BlockFormat.TrailerBytes, handle);
        }

        _cache.Insert(_slots, ordinal, frame);
        return Block.FromChecked(frame);
    }
}
