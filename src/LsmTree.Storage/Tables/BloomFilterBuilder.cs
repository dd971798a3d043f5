using System.Runtime.InteropServices;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Tables;

/// <summary>Gathers the hashes of the distinct user keys of a table, and makes its <see cref="BloomFilter"/> once their number is known.</summary>
internal sealed class BloomFilterBuilder : IDisposable
{
    private readonly int _bitsPerKey;
    private readonly ByteBuffer _hashes = new();

    public BloomFilterBuilder(int bitsPerKey)
    {
        _bitsPerKey = bitsPerKey;
    }

    /// <summary>The size of the block's contents if the filter were made now, in bytes.</summary>
    public long EstimatedBytes => LineCount * BloomFilter.LineBytes + BloomFilter.FooterBytes;

    /// <summary>False when the filter would say "maybe" to everything, or be larger than a block may be.</summary>
    public bool IsWorthwhile => _bitsPerKey > 0 && _hashes.Length > 0 && EstimatedBytes <= BlockFormat.MaxStoredBytes;

    private long LineCount
    {
        get
        {
            var bits = (long)(_hashes.Length / sizeof(ulong)) * _bitsPerKey;
            return (bits + BloomFilter.LineBytes * 8 - 1) / (BloomFilter.LineBytes * 8);
        }
    }

    public void Add(ReadOnlySpan<byte> userKey)
    {
        // Beyond this there is no filter: the array of hashes could not grow either.
        if (_bitsPerKey > 0 && _hashes.Length < BlockFormat.MaxStoredBytes)
        {
            _hashes.AppendUInt64(BloomFilter.Hash(userKey));
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
        foreach (var hash in MemoryMarshal.Cast<byte, ulong>(_hashes.Written))
        {
            BloomFilter.Add(lines, lineCount, probes, BitConverter.IsLittleEndian ? hash : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(hash));
        }

        destination.Advance(lines.Length);
        destination.AppendUInt32(lineCount);
        destination.AppendByte((byte)probes);
    }

    public void Dispose() => _hashes.Dispose();
}
