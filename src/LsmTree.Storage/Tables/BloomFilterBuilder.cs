using LsmTree.Storage.Blocks;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Memory;

namespace LsmTree.Storage.Tables;

/// <summary>Gathers the hashes of the distinct user keys of a table, and makes its <see cref="BloomFilter"/> once their number is known.</summary>
internal sealed class BloomFilterBuilder : IDisposable
{
    private readonly int _bitsPerKey;
    private readonly NativeNumbers _hashes = new();

    public BloomFilterBuilder(int bitsPerKey)
    {
        _bitsPerKey = bitsPerKey;
    }

    /// <summary>The size of the block's contents if the filter were made now, in bytes.</summary>
    public long EstimatedBytes => LineCount * BloomFilter.LineBytes + BloomFilter.FooterBytes;

    /// <summary>False when the filter would say "maybe" to everything, or be larger than a block may be.</summary>
    public bool IsWorthwhile => _bitsPerKey > 0 && _hashes.Count > 0 && EstimatedBytes <= BlockFormat.MaxStoredBytes;

    private long LineCount
    {
        get
        {
            var bits = _hashes.Count * _bitsPerKey;
            return (bits + BloomFilter.LineBytes * 8 - 1) / (BloomFilter.LineBytes * 8);
        }
    }

    public void Add(ReadOnlySpan<byte> userKey)
    {
        // Beyond this there is no filter.
        if (_bitsPerKey > 0 && _hashes.Count < BlockFormat.MaxStoredBytes / sizeof(ulong))
        {
            _hashes.Add(BloomFilter.Hash(userKey));
        }
    }

    /// <summary>Appends the contents of the filter's block.</summary>
    public void Finish(ByteBuffer destination)
    {
        var lineCount = (uint)LineCount;
        // 0.6 and not ln 2 = 0.69 probes for each bit: in a line that got more than its share of keys, fewer are better (6 for 10 bits).
        var probes = Math.Clamp((_bitsPerKey * 6 + 5) / 10, 1, BloomFilter.MaxProbes);
        var lines = destination.Reserve((int)EstimatedBytes)[..(int)(lineCount * BloomFilter.LineBytes)];
        lines.Clear();
        for (var piece = 0; piece < _hashes.PieceCount; piece++)
        {
            foreach (var hash in _hashes.Piece(piece))
            {
                BloomFilter.Add(lines, lineCount, probes, hash);
            }
        }

        GC.KeepAlive(this);

        destination.Advance(lines.Length);
        destination.AppendUInt32(lineCount);
        destination.AppendByte((byte)probes);
    }

    public void Dispose() => _hashes.Dispose();
}
