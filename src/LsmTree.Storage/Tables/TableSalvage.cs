using LsmTree.Storage.Blocks;
using LsmTree.Storage.Cursors;
using LsmTree.Storage.Files;
using LsmTree.Storage.RangeTombstones;

namespace LsmTree.Storage.Tables;

/// <summary>A table of which a part may be damaged: its sound blocks, and what is lost.</summary>
/// <remarks>
/// <para>The footer says where the index is, and the index where the blocks are. Each block is then read and decoded to its last entry; one that is not sound
/// is left out, and its neighbours in the index tell which keys were in it. The filter and the properties are not needed.</para>
/// <para>Without footer or index, blocks are found by their form (<see cref="BlockScan"/>), from the first byte on; behind a damaged one the next sound one is
/// searched. The entries end where a sound block is none of entries, or one whose keys do not go on ascending.</para>
/// </remarks>
internal sealed class TableSalvage : IDisposable
{
    private readonly IReadFile _file;
    private readonly List<BlockHandle> _sound = [];
    private readonly List<RepairLoss> _losses = [];
    private BlockReader _reader;
    private byte[]? _lastKey; // of the blocks kept so far

    private TableSalvage(IReadFile file, BlockReader reader)
    {
        _file = file;
        _reader = reader;
    }

    public string Path => _file.Path;

    /// <summary>Entries of the sound blocks.</summary>
    public long EntryCount { get; private set; }

    /// <summary>The store that wrote the table, as the footer says; null when there is no footer.</summary>
    public ulong? StoreId { get; private set; }

    /// <summary>Null when they are damaged, or nowhere to be found.</summary>
    public TableProperties? Properties { get; private set; }

    public IReadOnlyList<RangeTombstone> RangeTombstones { get; private set; } = [];

    public IReadOnlyList<RepairLoss> Losses => _losses;

    /// <summary>Reads and checks everything; takes ownership of <paramref name="file"/>, also when it throws.</summary>
    /// <param name="file">The file.</param>
    /// <param name="presumedStoreId">The store that wrote it, should its footer be damaged; null when nobody knows.</param>
    /// <param name="fileNumber">The number in its name.</param>
    /// <param name="cancellation">Ends the work between two blocks.</param>
    /// <exception cref="StoreFormatException">The table is newer than this library.</exception>
    public static TableSalvage Open(IReadFile file, ulong? presumedStoreId, ulong fileNumber, CancellationToken cancellation)
    {
        var salvage = new TableSalvage(file, new BlockReader(file, default));
        try
        {
            salvage.Read(presumedStoreId, fileNumber, cancellation);
            return salvage;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A cursor over the sound blocks, forward only.</summary>
    public ICursor CreateCursor() => new SalvageCursor(_reader, _sound);

    public void Dispose() => _file.Dispose();

    private void Read(ulong? presumedStoreId, ulong fileNumber, CancellationToken cancellation)
    {
        TableIndex? index = null;
        var dataEnd = _file.Length;
        try
        {
            var footer = ReadFooter();
            StoreId = footer.StoreId;
            dataEnd = footer.DataEnd;
            _reader = new BlockReader(_file, BlockChecksum.ForFile(footer.StoreId, footer.FileNumber));
            Properties = Attempt(footer.Properties, contents => TableProperties.Read(contents, _file.Length, footer));
            ReadTombstones(footer);
            var contents = _reader.Read(footer.Index);
            index = TableIndex.Read(contents.AsSpan(..^BlockFormat.TrailerBytes), dataEnd);
        }
        catch (CorruptionException damage)
        {
            _losses.Add(new RepairLoss(damage.Offset, 0, 0, null, null, $"{(StoreId is null ? "footer" : "index")}: expected {damage.Expected}, found {damage.Found}"));
        }

        if (index is not null)
        {
            try
            {
                ReadIndexed(index, cancellation);
            }
            finally
            {
                index.Close();
            }
        }
        else if ((StoreId ?? presumedStoreId) is { } storeId)
        {
            Scan(BlockChecksum.ForFile(storeId, fileNumber), dataEnd, cancellation);
        }
        else
        {
            _losses.Add(new RepairLoss(0, _file.Length, null, null, null, "nothing says which store the table belongs to, so that no block can be checked"));
        }
    }

    private TableFooter ReadFooter()
    {
        var offset = _file.Length - TableFooter.Bytes;
        if (offset < 0)
        {
            CorruptionException.Throw(_file.Path, 0, $"a table of {TableFooter.Bytes} bytes at least", $"{_file.Length} bytes");
        }

        var bytes = new byte[TableFooter.Bytes];
        _reader.Fill(offset, bytes);
        var (storeId, number) = TableFooter.IdentityOf(bytes);
        return TableFooter.Read(bytes, offset, _file.Path, storeId, number);
    }

    private void ReadTombstones(in TableFooter footer)
    {
        if (footer.RangeTombstones.IsAbsent)
        {
            return;
        }

        var handle = footer.RangeTombstones;
        if (Attempt(handle, static contents => RangeTombstoneBlock.Read(contents)) is { } tombstones)
        {
            RangeTombstones = tombstones;
            return;
        }

        _losses.Add(new RepairLoss(handle.Offset, handle.Size, Properties?.RangeTombstoneCount, Properties?.SmallestKey, Properties?.LargestKey, "range deletions: keys that they hid may have come to light"));
    }

    private T? Attempt<T>(BlockHandle handle, Func<ReadOnlySpan<byte>, T?> read) where T : class
    {
        try
        {
            return read(_reader.Read(handle).AsSpan(..^BlockFormat.TrailerBytes));
        }
        catch (CorruptionException)
        {
            return null;
        }
    }

    private void ReadIndexed(TableIndex index, CancellationToken cancellation)
    {
        for (var ordinal = 0; ordinal < index.Count; ordinal++)
        {
            cancellation.ThrowIfCancellationRequested();
            var handle = index.Handle(ordinal);
            try
            {
                Keep(handle, _reader.Read(handle));
            }
            catch (CorruptionException damage)
            {
                var first = ordinal == 0 ? Properties?.SmallestKey ?? [] : index.Separator(ordinal - 1);
                _losses.Add(new RepairLoss(handle.Offset, handle.Size, index.EntriesOf(ordinal), first, index.Separator(ordinal), $"block: expected {damage.Expected}, found {damage.Found}"));
            }
        }
    }

    private void Scan(BlockChecksum checksum, long dataEnd, CancellationToken cancellation)
    {
        _reader = new BlockReader(_file, checksum);
        var scan = new BlockScan(_file, checksum, dataEnd);
        var offset = 0L;
        while (offset < dataEnd)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!scan.TryFind(offset, out var handle) && !scan.TryFindBehind(offset, cancellation, out handle))
            {
                break;
            }

            var before = _lastKey;
            try
            {
                Keep(handle, _reader.Read(handle));
            }
            catch (CorruptionException)
            {
                // A part of the table that is no block of entries: they end here.
                break;
            }

            if (handle.Offset > offset)
            {
                var first = FirstKeyOf(handle);
                _losses.Add(new RepairLoss(offset, handle.Offset - offset, null, before ?? Properties?.SmallestKey, first, "no sound block lies here: one or more blocks are damaged"));
            }

            offset = handle.End;
        }

        if (offset < dataEnd)
        {
            var entries = Properties is { } known ? known.EntryCount - EntryCount : (long?)null;
            _losses.Add(new RepairLoss(offset, dataEnd - offset, entries, null, Properties?.LargestKey, "everything from here on, unless it was the table's filter and index: no sound block of entries was found behind this place"));
        }
    }

    /// <summary>Decodes a block to its end, and keeps it when that goes well.</summary>
    private void Keep(BlockHandle handle, byte[] array)
    {
        var entries = new BlockCursor();
        entries.Reset(_reader.Decode(array, 0, array.Length - BlockFormat.TrailerBytes, handle));
        long count = 0;
        for (var has = entries.SeekToFirst(); has; has = entries.Next())
        {
            if (count++ == 0 && _lastKey is not null && entries.Key.SequenceCompareTo(_lastKey) < 0)
            {
                CorruptionException.Throw(_file.Path, handle.Offset, "a block of entries", "a key that comes before those of the block before it");
            }
        }

        if (entries.IsDamaged)
        {
            CorruptionException.Throw(_file.Path, handle.Offset, "a block of entries", $"an entry that does not fit its block, behind {count}");
        }

        _lastKey = entries.SeekToLast() ? entries.Key.ToArray() : _lastKey;
        _sound.Add(handle);
        EntryCount += count;
    }

    private byte[] FirstKeyOf(BlockHandle handle)
    {
        var array = _reader.Read(handle);
        var entries = new BlockCursor();
        entries.Reset(_reader.Decode(array, 0, array.Length - BlockFormat.TrailerBytes, handle));
        return entries.SeekToFirst() ? entries.Key.ToArray() : [];
    }
}
