using System.IO.Hashing;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Tables;

/// <summary>Reads a whole table and holds it against what it says of itself. Goes on after damage to a block, so that its extent is known.</summary>
/// <remarks>
/// Checked: the whole-file checksum; for each block its checksum, decoding, restart points, internal order also across blocks, separator, number of
/// entries and plain flag; for each key the filter; and the properties.
/// </remarks>
internal sealed class TableAudit : IDisposable
{
    private const int ChunkBytes = 64 << 10;

    private readonly Table _table;
    private readonly IReadFile _file;
    private readonly BlockReader _reader;
    private readonly TableParts _parts;
    private readonly Action<long, string> _onProblem;
    private readonly BlockCursor _entries = new();

    // The last entry so far.
    private readonly ByteBuffer _lastKey = new();
    private ulong _lastTrailer;
    private bool _hasLast;

    private bool _isComplete = true;
    private long _entryCount;
    private long _tombstoneCount;
    private long _rawKeyBytes;
    private long _rawValueBytes;
    private ExpirySpan? _expiry;
    private ulong _smallestSequence = ulong.MaxValue;
    private ulong _largestSequence;
    private byte[]? _firstKey;

    public TableAudit(Table table, IReadFile file, BlockReader reader, TableParts parts, Action<long, string> onProblem)
    {
        _table = table;
        _file = file;
        _reader = reader;
        _parts = parts;
        _onProblem = onProblem;
    }

    public void Run(CancellationToken cancellationToken)
    {
        try
        {
            CheckFileChecksum(cancellationToken);
        }
        catch (CorruptionException damage)
        {
            _onProblem(damage.Offset, damage.Message);
        }

        for (var ordinal = 0; ordinal < _parts.Index.Count; ordinal++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var reading = _table.Enter(); // one for each block: memory waits for it
            try
            {
                CheckBlock(ordinal);
            }
            catch (CorruptionException damage)
            {
                _onProblem(damage.Offset, $"{damage.Message} {DescribeKeys(ordinal)}");
                _isComplete = false;
                _hasLast = false;
            }
        }

        if (_isComplete)
        {
            CheckProperties();
        }
    }

    public void Dispose() => _lastKey.Dispose();

    private void CheckFileChecksum(CancellationToken cancellationToken)
    {
        var hash = new XxHash3();
        var end = _file.Length - TableFooter.Bytes;
        var chunk = new byte[Math.Min(ChunkBytes, end)];
        for (var offset = 0L; offset < end; offset += chunk.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, end - offset));
            _reader.Fill(offset, part);
            hash.Append(part);
        }

        var actual = hash.GetCurrentHashAsUInt64();
        if (actual != _parts.Footer.FileChecksum)
        {
            _onProblem(0, $"{_file.Path}: the file's bytes hash to {actual:x16}, its footer says {_parts.Footer.FileChecksum:x16}.");
        }
    }

    private void CheckBlock(int ordinal)
    {
        var index = _parts.Index;
        var handle = index.Handle(ordinal);
        var array = _reader.Read(handle);
        _entries.Reset(_reader.Decode(array, 0, array.Length - BlockFormat.TrailerBytes, handle));
        var isPlain = !index.Continues(ordinal);
        var count = 0;
        for (var has = _entries.SeekToFirst(); has; has = _entries.Next())
        {
            var isSameKey = _hasLast && _entries.Key.SequenceEqual(_lastKey.Written);
            isPlain &= !isSameKey && Trailer.Kind(_entries.Trailer) == EntryKind.Put;
            CheckEntry(handle, count, isSameKey);
            if (count == 0)
            {
                CheckLowerBound(ordinal, handle);
            }

            count++;
        }

        if (_entries.IsDamaged)
        {
            CorruptionException.Throw(_file.Path, handle.Offset, "a block of entries", $"an entry that does not fit its block, behind {count}");
        }

        CheckWalkBack(handle, count);
        CheckSeparator(ordinal, handle);
        if (count != index.EntriesOf(ordinal))
        {
            Report(handle, $"the block has {count} entries, the index says {index.EntriesOf(ordinal)}");
        }

        if (index.IsPlain(ordinal) && !isPlain)
        {
            Report(handle, "the index says that the block is plain, and it is not");
        }
    }

    private void CheckEntry(BlockHandle handle, int position, bool isSameKey)
    {
        var key = _entries.Key;
        var trailer = _entries.Trailer;
        var kind = Trailer.Kind(trailer);
        if (_hasLast && InternalOrder.Compare(_lastKey.Written, _lastTrailer, key, trailer) >= 0)
        {
            Report(handle, $"entry {position} does not come after the entry before it");
        }

        if (kind is not (EntryKind.Put or EntryKind.Delete or EntryKind.PutExpiring))
        {
            Report(handle, $"entry {position} is of kind {(byte)kind}");
        }

        if (kind == EntryKind.PutExpiring)
        {
            if (ExpiringValue.TrySplit(_entries.Value, out var expiresAt, out _))
            {
                _expiry = ExpirySpan.Include(_expiry, expiresAt);
            }
            else
            {
                Report(handle, $"entry {position} should begin with an expiry, and has {_entries.Value.Length} bytes");
            }
        }

        if (!isSameKey && _parts.Filter is { } filter && !filter.MayContain(BloomFilter.Hash(key)))
        {
            Report(handle, $"the filter denies the key of entry {position}");
        }

        _firstKey ??= key.ToArray();
        _entryCount++;
        _tombstoneCount += kind == EntryKind.Delete ? 1 : 0;
        _rawKeyBytes += key.Length;
        _rawValueBytes += _entries.Value.Length;
        _smallestSequence = Math.Min(_smallestSequence, Trailer.Sequence(trailer));
        _largestSequence = Math.Max(_largestSequence, Trailer.Sequence(trailer));
        _lastKey.Clear();
        _lastKey.Append(key);
        _lastTrailer = trailer;
        _hasLast = true;
    }

    /// <summary>The first entry must come after the separator of the block before.</summary>
    private void CheckLowerBound(int ordinal, BlockHandle handle)
    {
        if (ordinal > 0
            && InternalOrder.Compare(_parts.Index.Separator(ordinal - 1), _parts.Index.SeparatorTrailer(ordinal - 1), _entries.Key, _entries.Trailer) >= 0)
        {
            Report(handle, "the first entry is not above the separator of the block before");
        }
    }

    private void CheckSeparator(int ordinal, BlockHandle handle)
    {
        if (InternalOrder.Compare(_lastKey.Written, _lastTrailer, _parts.Index.Separator(ordinal), _parts.Index.SeparatorTrailer(ordinal)) > 0)
        {
            Report(handle, "the last entry is above the separator of the block");
        }
    }

    /// <summary>A walk backwards starts at restarts, which a walk forwards does not look at.</summary>
    private void CheckWalkBack(BlockHandle handle, int count)
    {
        var walked = 0;
        for (var has = _entries.SeekToLast(); has && walked <= count; has = _entries.Prev())
        {
            walked++;
        }

        if (_entries.IsDamaged || walked != count)
        {
            CorruptionException.Throw(_file.Path, handle.Offset, $"{count} entries backwards as forwards", $"{walked}");
        }
    }

    private void CheckProperties()
    {
        var properties = _parts.Properties;
        Compare("entries", properties.EntryCount, _entryCount);
        Compare("tombstones", properties.TombstoneCount, _tombstoneCount);
        Compare("bytes of keys", properties.RawKeyBytes, _rawKeyBytes);
        Compare("bytes of values", properties.RawValueBytes, _rawValueBytes);
        if (properties.Expiry != _expiry)
        {
            Report(_parts.Footer.Properties, $"the properties say that {properties.Expiry} expire, and it is {_expiry}");
        }

        var smallest = _firstKey;
        var largest = _firstKey is null ? null : _lastKey.Written.ToArray();
        var isExclusive = false;
        foreach (var tombstone in _parts.RangeTombstones.Fragments())
        {
            _smallestSequence = Math.Min(_smallestSequence, tombstone.Sequence);
            _largestSequence = Math.Max(_largestSequence, tombstone.Sequence);
            smallest = smallest is null || tombstone.Start.AsSpan().SequenceCompareTo(smallest) < 0 ? tombstone.Start : smallest;
            if (largest is null || tombstone.End.AsSpan().SequenceCompareTo(largest) > 0)
            {
                largest = tombstone.End;
                isExclusive = true;
            }
        }

        Compare("as smallest sequence number", (long)properties.SmallestSequence, (long)_smallestSequence);
        Compare("as largest sequence number", (long)properties.LargestSequence, (long)_largestSequence);
        if (!properties.SmallestKey.AsSpan().SequenceEqual(smallest) || !properties.LargestKey.AsSpan().SequenceEqual(largest) || isExclusive != properties.LargestIsExclusive)
        {
            Report(_parts.Footer.Properties, "the smallest or largest key is not that of the entries and range tombstones");
        }
    }

    private void Compare(string what, long expected, long actual)
    {
        if (expected != actual)
        {
            Report(_parts.Footer.Properties, $"the properties say {expected} {what}, and it is {actual}");
        }
    }

    private void Report(BlockHandle handle, string problem) => _onProblem(handle.Offset, $"{_file.Path}, block at {handle.Offset}: {problem}.");

    private string DescribeKeys(int ordinal)
    {
        var from = ordinal == 0 ? _parts.Properties.SmallestKey : _parts.Index.Separator(ordinal - 1);
        var to = _parts.Index.Separator(ordinal);
        return $"The block holds keys from {Shorten(from)} to {Shorten(to)} (in hex).";
    }

    private static string Shorten(byte[] key) => key.Length <= 32 ? $"[{Convert.ToHexString(key)}]" : $"[{Convert.ToHexString(key, 0, 32)}…, {key.Length} bytes]";
}
