using System.Buffers.Binary;
using System.IO.Hashing;
using LsmTree.Storage.Memory;

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
/// <para>The lines are native memory (<see cref="NativeBuffer"/>): megabytes that go with the table, and not when the collector comes round.</para>
/// </remarks>
internal sealed unsafe class BloomFilter
{
    public const int LineBytes = 64;

    /// <summary>Line count and probe count.</summary>
    public const int FooterBytes = sizeof(uint) + 1;

    /// <summary>More probes than this no writer of ours uses: 32 bits for each key ask for 19.</summary>
    public const int MaxProbes = 32;

    /// <summary>2^32 divided by the golden ratio: multiplying by it spreads the next nine bits to the top.</summary>
    private const uint NextProbe = 0x9E3779B9;

    private readonly NativeBuffer _memory;
    private readonly byte* _lines;
    private readonly uint _lineCount;
    private readonly int _probes;

    private BloomFilter(NativeBuffer memory, uint lineCount, int probes)
    {
        _memory = memory;
        _lines = (byte*)memory.Address;
        _lineCount = lineCount;
        _probes = probes;
    }

    /// <summary>Memory that the filter holds, in bytes.</summary>
    public long PinnedBytes => _lineCount * (long)LineBytes;

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

        var memory = NativeBuffer.Allocate(contents.Length - FooterBytes);
        contents[..^FooterBytes].CopyTo(new Span<byte>((void*)memory.Address, contents.Length - FooterBytes));
        filter = new BloomFilter(memory, lineCount, probes);
        return true;
    }

    /// <summary>False when no key with this hash was added. In a <see cref="ReadSection"/>, where somebody may close the filter.</summary>
    public bool MayContain(ulong hash)
    {
        var line = _lines + LineIndex(hash, _lineCount) * (long)LineBytes;
        var spread = (uint)hash;
        var mayContain = true;
        for (var i = 0; i < _probes; i++)
        {
            if ((line[spread >> 26] & 1 << (int)(spread >> 23 & 7)) == 0)
            {
                mayContain = false;
                break;
            }

            spread *= NextProbe;
        }

        GC.KeepAlive(this);
        return mayContain;
    }

    /// <summary>Gives the memory back as soon as nobody can be reading it.</summary>
    public void Close() => _memory.Dispose();

    private static int LineIndex(ulong hash, uint lineCount) => (int)((hash >> 32) * lineCount >> 32);
}
