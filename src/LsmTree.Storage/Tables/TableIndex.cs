using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Tables;

/// <summary>Which data block holds a key. Decoded once, when the table is opened, into flat arrays. Immutable.</summary>
/// <remarks>
/// <para>The contents of the index block; all numbers are varints:</para>
/// <code>
///   block count | prefix length | prefix          the prefix is common to all separators
///   for each block:
///     stored bytes | entries × 4 + flags | [trailer] | length | separator without the prefix
///   flags: 1 plain, 2 continues
/// </code>
/// <para>Blocks follow each other from offset 0, so their sizes are their places. A separator is a shortest user key that is at least the last
/// key of its block and below the first key of the next. When versions of one user key fill more than a block, no such key exists: then the block
/// <em>continues</em>, its separator is that key, and the trailer of the block's last entry follows. So (separator, trailer) ascend in internal order,
/// and one search finds the one block where an internal key can be.</para>
/// <para>A block is <em>plain</em> when all its entries are puts of distinct user keys, none of which is in a neighbour: who only counts keys need not
/// decode it.</para>
/// <para>The search bisects an array of the first eight bytes behind the prefix, as big-endian numbers, and looks at whole separators only where
/// those are equal. For each block: 8 bytes of that, 32 of the rest, and the separator where it lies in the contents.</para>
/// </remarks>
internal sealed class TableIndex
{
    public const ulong PlainFlag = 1;
    public const ulong ContinuesFlag = 2;

    /// <summary>Stored bytes, entries and an empty separator take a byte each.</summary>
    private const int SmallestLineBytes = 3;

    private readonly byte[] _contents;
    private readonly int _prefixStart;
    private readonly int _prefixLength;
    private readonly ulong[] _heads;
    private readonly Line[] _lines;

    private TableIndex(byte[] contents, int prefixStart, int prefixLength, Line[] lines)
    {
        _contents = contents;
        _prefixStart = prefixStart;
        _prefixLength = prefixLength;
        _lines = lines;
        _heads = new ulong[lines.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            _heads[i] = Head(Rest(lines[i]));
        }
    }

    public int Count => _lines.Length;

    /// <summary>Entries of all blocks.</summary>
    public long EntryCount { get; private init; }

    /// <summary>Memory that the index holds, in bytes.</summary>
    public long PinnedBytes => _contents.Length + (sizeof(ulong) + Unsafe.SizeOf<Line>()) * (long)_lines.Length;

    /// <summary>Takes an index out of the contents of its block, which it keeps; null when they are none for data that ends at <paramref name="dataEnd"/>.</summary>
    /// <param name="contents">An array that begins with the contents.</param>
    /// <param name="length">The length of the contents in it.</param>
    /// <param name="dataEnd">Where the data blocks end, in bytes from the start of the file.</param>
    public static TableIndex? Read(byte[] contents, int length, long dataEnd)
    {
        var reader = new FieldReader(contents.AsSpan(0, length));
        var count = (int)reader.ReadNumber(length / SmallestLineBytes);
        var (prefixStart, prefixLength) = reader.ReadRange();
        if (reader.IsDamaged)
        {
            return null;
        }

        var lines = new Line[count];
        var offset = 0L;
        var entries = 0L;
        for (var i = 0; i < count; i++)
        {
            var storedBytes = (int)reader.ReadNumber(BlockFormat.MaxStoredBytes);
            var entriesAndFlags = (ulong)reader.ReadNumber(uint.MaxValue);
            var trailer = (entriesAndFlags & ContinuesFlag) != 0 ? reader.ReadVarint() : 0;
            var (start, restLength) = reader.ReadRange();
            if (reader.IsDamaged || storedBytes == 0 || entriesAndFlags >> 2 == 0)
            {
                return null;
            }

            lines[i] = new Line(offset, trailer, storedBytes, start, restLength, (uint)entriesAndFlags);
            offset = lines[i].Handle.End;
            entries += lines[i].EntryCount;
        }

        if (!reader.IsComplete || offset != dataEnd)
        {
            return null;
        }

        var index = new TableIndex(contents, prefixStart, prefixLength, lines) { EntryCount = entries };
        return index.Ascends() ? index : null;
    }

    public BlockHandle Handle(int ordinal) => _lines[ordinal].Handle;

    public int EntriesOf(int ordinal) => _lines[ordinal].EntryCount;

    public bool IsPlain(int ordinal) => _lines[ordinal].IsPlain;

    /// <summary>True when the last user key of the block goes on in the next.</summary>
    public bool Continues(int ordinal) => _lines[ordinal].Continues;

    /// <summary>The trailer of a continuing block's last entry, else 0: behind every version of the separator.</summary>
    public ulong SeparatorTrailer(int ordinal) => _lines[ordinal].Trailer;

    /// <summary>A copy of the separator.</summary>
    public byte[] Separator(int ordinal) => [.. Prefix, .. Rest(_lines[ordinal])];

    /// <summary>True when every user key of the block is below <paramref name="userKey"/>, as far as the separator can tell.</summary>
    public bool IsBelow(int ordinal, ReadOnlySpan<byte> userKey)
    {
        var common = Prefix.CommonPrefixLength(userKey);
        return common == _prefixLength
            ? Rest(_lines[ordinal]).SequenceCompareTo(userKey[_prefixLength..]) < 0
            : Prefix.SequenceCompareTo(userKey) < 0;
    }

    /// <summary>
    /// The first block whose separator is at or after (<paramref name="userKey"/>, <paramref name="trailer"/>), or <see cref="Count"/>. If an entry has
    /// that user key and is the first with a trailer at most <paramref name="trailer"/>, it is in this block and in no other.
    /// </summary>
    public int Find(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        var prefix = Prefix;
        if (!userKey.StartsWith(prefix))
        {
            return userKey.SequenceCompareTo(prefix) < 0 ? 0 : Count;
        }

        var rest = userKey[prefix.Length..];
        var head = Head(rest);
        var low = LowerBound(head);
        if (low == _heads.Length || _heads[low] != head)
        {
            return low;
        }

        var high = head == ulong.MaxValue ? _heads.Length : LowerBound(head + 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            ref readonly var line = ref _lines[middle];
            if (InternalOrder.Compare(Rest(line), line.Trailer, rest, trailer) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>
    /// True when the block's separator is at or after (<paramref name="userKey"/>, <paramref name="trailer"/>). Then <see cref="Find"/> would give this block
    /// again, if it gave it for a key before.
    /// </summary>
    public bool Reaches(int ordinal, ReadOnlySpan<byte> userKey, ulong trailer)
    {
        if (!userKey.StartsWith(Prefix))
        {
            return userKey.SequenceCompareTo(Prefix) < 0;
        }

        ref readonly var line = ref _lines[ordinal];
        return InternalOrder.Compare(Rest(line), line.Trailer, userKey[_prefixLength..], trailer) >= 0;
    }

    private ReadOnlySpan<byte> Prefix => new(_contents, _prefixStart, _prefixLength);

    private ReadOnlySpan<byte> Rest(in Line line) => new(_contents, line.RestStart, line.RestLength);

    /// <summary>The first eight bytes as a number that orders like them; a shorter key is filled up with zeros, and then compared in full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Head(ReadOnlySpan<byte> rest)
    {
        if (rest.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(rest);
        }

        var head = 0UL;
        for (var i = 0; i < rest.Length; i++)
        {
            head |= (ulong)rest[i] << (56 - 8 * i);
        }

        return head;
    }

    /// <summary>The first head that is at least <paramref name="head"/>. The loop has no branch to mispredict: the step is a conditional move.</summary>
    private int LowerBound(ulong head)
    {
        var count = _heads.Length;
        if (count == 0)
        {
            return 0;
        }

        ref var first = ref MemoryMarshal.GetArrayDataReference(_heads);
        var low = 0;
        while (count > 1)
        {
            var half = count >>> 1;
            low = Unsafe.Add(ref first, low + half - 1) < head ? low + half : low;
            count -= half;
        }

        return Unsafe.Add(ref first, low) < head ? low + 1 : low;
    }

    private bool Ascends()
    {
        for (var i = 1; i < _lines.Length; i++)
        {
            ref readonly var left = ref _lines[i - 1];
            ref readonly var right = ref _lines[i];
            if (InternalOrder.Compare(Rest(left), left.Trailer, Rest(right), right.Trailer) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private readonly record struct Line(long Offset, ulong Trailer, int StoredBytes, int RestStart, int RestLength, uint EntriesAndFlags)
    {
        public BlockHandle Handle => new(Offset, StoredBytes);

        public int EntryCount => (int)(EntriesAndFlags >> 2);

        public bool IsPlain => (EntriesAndFlags & PlainFlag) != 0;

        public bool Continues => (EntriesAndFlags & ContinuesFlag) != 0;
    }
}
