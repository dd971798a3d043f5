using System.IO.Hashing;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;
using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;

namespace LsmTree.Storage.Tables;

/// <summary>Writes one table from entries in internal order. Used by one thread, once.</summary>
/// <remarks>
/// <para>The line of a block in the index waits until the next block's first key is known: only then can the shortest separator be chosen
/// ("the quick brown fox", "the who" → "the r"), and only then is it known whether a user key continues.</para>
/// <para>The file must be empty. The writer appends to it and does not sync, finish or dispose it: that is the caller's order to keep.</para>
/// </remarks>
internal sealed class TableWriter : IDisposable
{
    private readonly IAppendFile _file;
    private readonly TableSettings _settings;
    private readonly ulong _storeId;
    private readonly ulong _fileNumber;
    private readonly BlockChecksum _checksum;
    private readonly XxHash3 _fileHash = new();

    private readonly BlockBuilder _block;
    private readonly ByteBuffer _scratch = new();
    private readonly ByteBuffer _lastKey = new();
    private readonly BloomFilterBuilder _filter;
    private readonly TableIndexBuilder _index = new();
    private readonly List<RangeTombstone> _rangeTombstones = [];

    private long _offset;
    private long _rangeTombstoneBytes;
    private ulong _lastTrailer;
    private byte[] _firstKey = [];
    private bool _isBlockPlain;
    private bool _isFinished;

    // The block that was written last, while its line in the index waits.
    private BlockHandle _waiting;
    private int _waitingEntries;
    private bool _isWaitingPlain;

    private long _tombstoneCount;
    private ulong _smallestSequence = Trailer.MaxSequence;
    private ulong _largestSequence;
    private long _rawKeyBytes;
    private long _rawValueBytes;
    private ExpirySpan? _expiry;

    /// <param name="file">An empty file.</param>
    /// <param name="settings">How to write.</param>
    /// <param name="storeId">The store, bound into every checksum.</param>
    /// <param name="fileNumber">The number in the file's name, bound into every checksum.</param>
    public TableWriter(IAppendFile file, TableSettings settings, ulong storeId, ulong fileNumber)
    {
        settings.Validate();
        if (file.Position != 0)
        {
            throw new ArgumentException($"A table begins at the start of its file, and {file.Path} has {file.Position} bytes.", nameof(file));
        }

        _file = file;
        _settings = settings;
        _storeId = storeId;
        _fileNumber = fileNumber;
        _checksum = BlockChecksum.ForFile(storeId, fileNumber);
        _block = new BlockBuilder(settings.RestartInterval);
        _filter = new BloomFilterBuilder(settings.BloomBitsPerKey);
    }

    /// <summary>Entries added, range tombstones not counted.</summary>
    public long EntryCount { get; private set; }

    /// <summary>True when neither an entry nor a range tombstone was added: there is nothing to finish.</summary>
    public bool IsEmpty => EntryCount == 0 && _rangeTombstones.Count == 0;

    /// <summary>The size of the file if <see cref="Finish"/> were called now, in bytes, within a block or so.</summary>
    public long EstimatedFileBytes =>
        _offset + _block.EstimatedBytes + _filter.EstimatedBytes + _index.EstimatedBytes + _rangeTombstoneBytes + TableFooter.Bytes;

    /// <summary>Adds the next entry.</summary>
    /// <exception cref="InvalidOperationException">The entry does not come after the one before in internal order, is neither a put nor a tombstone, or the table is finished.</exception>
    /// <exception cref="ArgumentException">Key and value together are larger than a block may be.</exception>
    public void Add(ReadOnlySpan<byte> userKey, ulong trailer, ReadOnlySpan<byte> value)
    {
        ThrowIfFinished();
        var kind = Trailer.Kind(trailer);
        if (kind is not (EntryKind.Put or EntryKind.Delete or EntryKind.PutExpiring))
        {
            throw new InvalidOperationException($"A table holds puts and deletes, not entries of kind {kind}.");
        }

        long expiresAt = 0;
        if (kind == EntryKind.PutExpiring && !ExpiringValue.TrySplit(value, out expiresAt, out _))
        {
            throw new InvalidOperationException($"Entry {EntryCount} of {_file.Path} should begin with an expiry, and has {value.Length} bytes.");
        }

        if ((long)userKey.Length + value.Length > BlockFormat.MaxStoredBytes - (1 << 10))
        {
            throw new ArgumentException($"An entry of {(long)userKey.Length + value.Length} bytes is larger than a block may be.", nameof(value));
        }

        var lastKey = _lastKey.Written;
        var shared = userKey.CommonPrefixLength(lastKey);
        var isSameKey = EntryCount > 0 && shared == userKey.Length && shared == lastKey.Length;
        if (EntryCount > 0 && !IsAfterLast(userKey, shared, isSameKey, trailer))
        {
            throw new InvalidOperationException($"Entry {EntryCount} of {_file.Path} does not come after the entry before it.");
        }

        if (_block.EntryCount > 0 && _block.WouldExceed(_settings.BlockBytes, userKey.Length - shared, value.Length))
        {
            FinishBlock();
        }

        if (!_waiting.IsAbsent)
        {
            IndexWaiting(userKey, isSameKey);
        }

        if (_block.EntryCount == 0)
        {
            _isBlockPlain = true;
        }

        _isBlockPlain &= kind == EntryKind.Put && !isSameKey;
        _block.Add(userKey, shared, trailer, value);
        if (!isSameKey)
        {
            _filter.Add(userKey);
        }

        Count(userKey, kind, trailer, value, expiresAt);
        _lastKey.Truncate(shared);
        _lastKey.Append(userKey[shared..]);
        _lastTrailer = trailer;
    }

    /// <summary>Adds a range tombstone, in any order. Its arrays are copied. An empty range adds nothing.</summary>
    /// <exception cref="InvalidOperationException">The table is finished.</exception>
    public void AddRangeTombstone(in RangeTombstone tombstone)
    {
        ThrowIfFinished();
        if (tombstone.Start.AsSpan().SequenceCompareTo(tombstone.End) >= 0)
        {
            return;
        }

        _rangeTombstones.Add(new RangeTombstone([.. tombstone.Start], [.. tombstone.End], tombstone.Sequence));
        _rangeTombstoneBytes += tombstone.Start.Length + tombstone.End.Length + 16;
        CountSequence(tombstone.Sequence);
    }

    /// <summary>Appends what is left and gives the properties of the finished table. Does not sync.</summary>
    /// <exception cref="InvalidOperationException">The table is empty, or finished already.</exception>
    public TableProperties Finish()
    {
        ThrowIfFinished();
        if (IsEmpty)
        {
            throw new InvalidOperationException($"{_file.Path} would be a table of nothing.");
        }

        _isFinished = true;
        if (_block.EntryCount > 0)
        {
            FinishBlock();
        }

        if (!_waiting.IsAbsent)
        {
            _index.AddLast(_waiting, _waitingEntries, _isWaitingPlain, _lastKey.Written);
        }

        var filter = default(BlockHandle);
        if (_filter.IsWorthwhile)
        {
            _scratch.Clear();
            _filter.Finish(_scratch);
            filter = WriteStored(_scratch, Compression.None);
        }

        _scratch.Clear();
        _index.Finish(_scratch);
        var index = WriteStored(_scratch, Compression.None);

        var tombstones = default(BlockHandle);
        if (_rangeTombstones.Count > 0)
        {
            _rangeTombstones.Sort(static (left, right) => InternalOrder.Compare(left.Start, left.Sequence, right.Start, right.Sequence));
            _scratch.Clear();
            RangeTombstoneBlock.Write(_rangeTombstones, _scratch);
            tombstones = WriteStored(_scratch, Compression.None);
        }

        var properties = DescribeTable();
        _scratch.Clear();
        properties.Write(_scratch);
        var propertiesHandle = WriteStored(_scratch, Compression.None);

        var checksum = _fileHash.GetCurrentHashAsUInt64();
        var footer = new TableFooter(filter, index, tombstones, propertiesHandle, _storeId, _fileNumber, checksum, properties.FormatVersion);
        Span<byte> footerBytes = stackalloc byte[TableFooter.Bytes];
        footer.Write(footerBytes, _offset);
        _file.Append(footerBytes);
        _offset += footerBytes.Length;
        return properties with { FileBytes = _offset, Checksum = checksum };
    }

    /// <summary>Returns the pooled buffers. The file stays open.</summary>
    public void Dispose()
    {
        _isFinished = true;
        _block.Dispose();
        _scratch.Dispose();
        _lastKey.Dispose();
        _filter.Dispose();
        _index.Dispose();
    }

    /// <summary>Compares with the last entry, given the length of the two keys' common prefix.</summary>
    private bool IsAfterLast(ReadOnlySpan<byte> userKey, int shared, bool isSameKey, ulong trailer)
    {
        if (isSameKey)
        {
            return trailer < _lastTrailer;
        }

        var lastKey = _lastKey.Written;
        return shared == lastKey.Length || (shared < userKey.Length && userKey[shared] > lastKey[shared]);
    }

    private void FinishBlock()
    {
        _waitingEntries = _block.EntryCount;
        _isWaitingPlain = _isBlockPlain;
        var contents = _block.Finish();
        _scratch.Clear();
        _waiting = BlockCodec.TryCompress(_settings.Compression, contents.Written, _scratch)
            ? WriteStored(_scratch, _settings.Compression)
            : WriteStored(contents, Compression.None);
        _block.Reset();
    }

    private void IndexWaiting(ReadOnlySpan<byte> nextKey, bool continues)
    {
        if (continues)
        {
            _index.AddContinuing(_waiting, _waitingEntries, _lastKey.Written, _lastTrailer);
        }
        else
        {
            _index.AddBetween(_waiting, _waitingEntries, _isWaitingPlain, _lastKey.Written, nextKey);
        }

        _waiting = default;
    }

    /// <summary>Appends the trailer to the stored contents, and both to the file.</summary>
    private BlockHandle WriteStored(ByteBuffer stored, Compression compression)
    {
        var handle = new BlockHandle(_offset, stored.Length);
        if (handle.Size > BlockFormat.MaxStoredBytes)
        {
            throw new InvalidOperationException($"A block of {handle.Size} bytes in {_file.Path} is larger than a block may be.");
        }

        stored.AppendByte((byte)compression);
        stored.AppendUInt64(_checksum.Compute(stored.Written, _offset));
        _file.Append(stored.Written);
        _fileHash.Append(stored.Written);
        _offset += stored.Length;
        return handle;
    }

    private void Count(ReadOnlySpan<byte> userKey, EntryKind kind, ulong trailer, ReadOnlySpan<byte> value, long expiresAt)
    {
        if (EntryCount++ == 0)
        {
            _firstKey = userKey.ToArray();
        }

        _tombstoneCount += kind == EntryKind.Delete ? 1 : 0;
        _rawKeyBytes += userKey.Length;
        _rawValueBytes += value.Length;
        if (kind == EntryKind.PutExpiring)
        {
            _expiry = ExpirySpan.Include(_expiry, expiresAt);
        }

        CountSequence(Trailer.Sequence(trailer));
    }

    private void CountSequence(ulong sequence)
    {
        _smallestSequence = Math.Min(_smallestSequence, sequence);
        _largestSequence = Math.Max(_largestSequence, sequence);
    }

    private TableProperties DescribeTable()
    {
        var smallest = _firstKey;
        var largest = _lastKey.Written.ToArray();
        var isExclusive = false;
        for (var i = 0; i < _rangeTombstones.Count; i++)
        {
            var (start, end, _) = _rangeTombstones[i];
            var isFirstOfAll = EntryCount == 0 && i == 0;
            if (isFirstOfAll || start.AsSpan().SequenceCompareTo(smallest) < 0)
            {
                smallest = start;
            }

            if (isFirstOfAll || end.AsSpan().SequenceCompareTo(largest) > 0)
            {
                largest = end;
                isExclusive = true;
            }
        }

        return new TableProperties
        {
            FileBytes = 0,
            EntryCount = EntryCount,
            TombstoneCount = _tombstoneCount,
            RangeTombstoneCount = _rangeTombstones.Count,
            SmallestKey = smallest,
            LargestKey = largest,
            LargestIsExclusive = isExclusive,
            SmallestSequence = _smallestSequence,
            LargestSequence = _largestSequence,
            RawKeyBytes = _rawKeyBytes,
            RawValueBytes = _rawValueBytes,
            Checksum = 0,
            FormatVersion = _expiry is null ? TableFormat.BaseVersion : TableFormat.ExpiringVersion,
            Expiry = _expiry,
        };
    }

    private void ThrowIfFinished()
    {
        if (_isFinished)
        {
            throw new InvalidOperationException($"The table {_file.Path} is finished.");
        }
    }
}
