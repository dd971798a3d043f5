using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace LsmTree.Storage.Tables;

/// <summary>Answers "certainly absent" or "maybe" for a user key, at the price of one cache line. Immutable.</summary>
/// <remarks>
/// <para>A blocked filter (Putze, Sanders and Singler, 2007): the high half of the key's hash chooses a line of 64 bytes, the low half all bits in it. Keys
/// crowd some lines more than others, which costs a little accuracy and saves all cache misses but one.</para>
/// <code>
///   ‹line, 64 bytes› × n  |  n uint32  |  probes 1 byte
///
///   hash  = XxHash3 of the user key, 64 bits
///   line  = (hash ›› 32) × n ›› 32
///   bit i = the top 9 bits of (uint)hash × 0x9E3779B9 ^ i       for i = 0 … probes - 1
/// </code>
/// <para>How it was built is stored with it; nothing is taken from the options at reading. A table without keys, or written with 0 bits for
/// each key, has no filter at all: everything is "maybe".</para>
/// </remarks>
internal sealed class BloomFilter
{
    public const int LineBytes = 64;

    /// <summary>Line count and probe count.</summary>
    public const int FooterBytes = sizeof(uint) + 1;

    /// <summary>More probes than this no writer of ours uses: 32 bits for each key ask for 19.</summary>
    public const int MaxProbes = 32;

    /// <summary>2^32 divided by the golden ratio: multiplying by it spreads the next nine bits to the top.</summary>
    private const uint NextProbe = 0x9E3779B9;

    private readonly byte[] _lines;
    private readonly int _start;
    private readonly uint _lineCount;
    private readonly int _probes;

    private BloomFilter(byte[] lines, int start, uint lineCount, int probes)
    {
        _lines = lines;
        _start = start;
        _lineCount = lineCount;
        _probes = probes;
    }

    /// <summary>Memory that the filter holds, in bytes.</summary>
    public long PinnedBytes => _lines.Length;

    public static ulong Hash(ReadOnlySpan<byte> userKey) => XxHash3.HashToUInt64(userKey);

    /// <summary>Sets the bits of a hash in <paramref name="lines"/>.</summary>
    public static void Add(Span<byte> lines, uint lineCount, int probes, ulong hash)
    {
        var line = lines.Slice(LineIndex(hash, lineCount) * LineBytes, LineBytes);
        var spread = (uint)hash;
        for (var i = 0; i < probes; i++)
        {
            line[(int)(spread >> 26)] |= (byte)(1 << (int)(spread >> 23 & 7));
            spread *= NextProbe;
        }
    }

    /// <summary>Takes a filter out of the contents of its block; false when they are none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> contents, out BloomFilter? filter)
    {
        filter = null;
        if (contents.Length < LineBytes + FooterBytes)
        {
            return false;
        }

        var lineCount = BinaryPrimitives.ReadUInt32LittleEndian(contents[^FooterBytes..]);
        var probes = contents[^1];
        if ((long)lineCount * LineBytes != contents.Length - FooterBytes || probes is 0 or > MaxProbes)
        {
            return false;
        }

        // On the pinned heap an address stays, so that lines can be laid on cache lines.
        var lines = GC.AllocateUninitializedArray<byte>(contents.Length - FooterBytes + LineBytes - 1, pinned: true);
        var misaligned = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(lines, 0) % LineBytes);
        var start = misaligned == 0 ? 0 : LineBytes - misaligned;
        contents[..^FooterBytes].CopyTo(lines.AsSpan(start));
        filter = new BloomFilter(lines, start, lineCount, probes);
        return true;
    }

    /// <summary>False when no key with this hash was added.</summary>
    public bool MayContain(ulong hash)
    {
        var line = _lines.AsSpan(_start + LineIndex(hash, _lineCount) * LineBytes, LineBytes);
        var spread = (uint)hash;
        for (var i = 0; i < _probes; i++)
        {
            if ((line[(int)(spread >> 26)] & 1 << (int)(spread >> 23 & 7)) == 0)
            {
                return false;
            }

            spread *= NextProbe;
        }

        return true;
    }

    private static int LineIndex(ulong hash, uint lineCount) => (int)((hash >> 32) * lineCount >> 32);
}
