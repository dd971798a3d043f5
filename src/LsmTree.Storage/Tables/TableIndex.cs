using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memory;

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
/// <para>All that is one piece of native memory (<see cref="NativeBuffer"/>), which goes with the table. Where somebody may <see cref="Close"/> the index, all but
/// the counts is asked in a <see cref="ReadSection"/>. No span of it is given out.</para>
/// <code>
///   head, 8 bytes × n  |  line, 32 bytes × n  |  contents
/// </code>
/// </remarks>
internal sealed unsafe class TableIndex
{
    public const ulong PlainFlag = 1;
    public const ulong ContinuesFlag = 2;

    /// <summary>Stored bytes, entries and an empty separator take a byte each.</summary>
    private const int SmallestLineBytes = 3;

    private readonly NativeBuffer _memory;
    private readonly ulong* _heads;
    private readonly Line* _lines;
    private readonly byte* _contents;
    private readonly int _contentsLength;
    private readonly int _prefixStart;
    private readonly int _prefixLength;

    private TableIndex(NativeBuffer memory, int count, int contentsLength, int prefixStart, int prefixLength)
    {
        _memory = memory;
        _heads = (ulong*)memory.Address;
        _lines = (Line*)(_heads + count);
        _contents = (byte*)(_lines + count);
        Count = count;
        _contentsLength = contentsLength;
        _prefixStart = prefixStart;
        _prefixLength = prefixLength;
    }

    public int Count { get; }

    /// <summary>Entries of all blocks.</summary>
    public long EntryCount { get; private set; }

    /// <summary>Memory that the index holds, in bytes.</summary>
    public long PinnedBytes => BytesFor(Count, _contentsLength);

    /// <summary>Takes an index out of the contents of its block; null when they are none for data that ends at <paramref name="dataEnd"/>.</summary>
    /// <param name="contents">The contents.</param>
    /// <param name="dataEnd">Where the data blocks end, in bytes from the start of the file.</param>
    public static TableIndex? Read(ReadOnlySpan<byte> contents, long dataEnd)
    {
        var reader = new FieldReader(contents);
        var count = (int)reader.ReadNumber(contents.Length / SmallestLineBytes);
        var (prefixStart, prefixLength) = reader.ReadRange();
        if (reader.IsDamaged || BytesFor(count, contents.Length) > Array.MaxLength)
        {
            return null;
        }

        var memory = NativeBuffer.Allocate((int)BytesFor(count, contents.Length));
        var index = new TableIndex(memory, count, contents.Length, prefixStart, prefixLength);
        contents.CopyTo(new Span<byte>(index._contents, contents.Length));
        if (index.TryFill(ref reader, dataEnd))
        {
            return index;
        }

        memory.Dispose();
        return null;
    }

    /// <summary>Gives the memory back as soon as nobody can be reading it.</summary>
    public void Close() => _memory.Dispose();

    public BlockHandle Handle(int ordinal) => LineOf(ordinal).Handle;

    public int EntriesOf(int ordinal) => LineOf(ordinal).EntryCount;

    public bool IsPlain(int ordinal) => LineOf(ordinal).IsPlain;

    /// <summary>True when the last user key of the block goes on in the next.</summary>
    public bool Continues(int ordinal) => LineOf(ordinal).Continues;

    /// <summary>The trailer of a continuing block's last entry, else 0: behind every version of the separator.</summary>
    public ulong SeparatorTrailer(int ordinal) => LineOf(ordinal).Trailer;

    /// <summary>A copy of the separator.</summary>
    public byte[] Separator(int ordinal)
    {
        byte[] separator = [.. Prefix, .. Rest(LineOf(ordinal))];
        GC.KeepAlive(this);
        return separator;
    }

    /// <summary>True when every user key of the block is below <paramref name="userKey"/>, as far as the separator can tell.</summary>
    public bool IsBelow(int ordinal, ReadOnlySpan<byte> userKey)
    {
        var common = Prefix.CommonPrefixLength(userKey);
        var isBelow = common == _prefixLength
            ? Rest(LineOf(ordinal)).SequenceCompareTo(userKey[_prefixLength..]) < 0
            : Prefix.SequenceCompareTo(userKey) < 0;
        GC.KeepAlive(this);
        return isBelow;
    }

    /// <summary>
    /// The first block whose separator is at or after (<paramref name="userKey"/>, <paramref name="trailer"/>), or <see cref="Count"/>. If an entry has
    /// that user key and is the first with a trailer at most <paramref name="trailer"/>, it is in this block and in no other.
    /// </summary>
    public int Find(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        var found = Search(userKey, trailer);
        GC.KeepAlive(this);
        return found;
    }

    /// <summary>
    /// True when the block's separator is at or after (<paramref name="userKey"/>, <paramref name="trailer"/>). Then <see cref="Find"/> would give this block
    /// again, if it gave it for a key before.
    /// </summary>
    public bool Reaches(int ordinal, ReadOnlySpan<byte> userKey, ulong trailer)
    {
        var line = LineOf(ordinal);
        var reaches = userKey.StartsWith(Prefix)
            ? InternalOrder.Compare(Rest(line), line.Trailer, userKey[_prefixLength..], trailer) >= 0
            : userKey.SequenceCompareTo(Prefix) < 0;
        GC.KeepAlive(this);
        return reaches;
    }

    private int Search(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        var prefix = Prefix;
        if (!userKey.StartsWith(prefix))
        {
            return userKey.SequenceCompareTo(prefix) < 0 ? 0 : Count;
        }

        var rest = userKey[prefix.Length..];
        var head = Head(rest);
        var low = LowerBound(head);
        if (low == Count || _heads[low] != head)
        {
            return low;
        }

        var high = head == ulong.MaxValue ? Count : LowerBound(head + 1);
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

    private ReadOnlySpan<byte> Prefix => new(_contents + _prefixStart, _prefixLength);

    private ReadOnlySpan<byte> Rest(in Line line) => new(_contents + line.RestStart, line.RestLength);

    private Line LineOf(int ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)ordinal, (uint)Count, nameof(ordinal));
        var line = _lines[ordinal];
        GC.KeepAlive(this);
        return line;
    }

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
        var count = Count;
        if (count == 0)
        {
            return 0;
        }

        var heads = _heads;
        var low = 0;
        while (count > 1)
        {
            var half = count >>> 1;
            low = heads[low + half - 1] < head ? low + half : low;
            count -= half;
        }

        return heads[low] < head ? low + 1 : low;
    }

    private bool TryFill(ref FieldReader reader, long dataEnd)
    {
        var offset = 0L;
        for (var i = 0; i < Count; i++)
        {
            var storedBytes = (int)reader.ReadNumber(BlockFormat.MaxStoredBytes);
            var entriesAndFlags = (ulong)reader.ReadNumber(uint.MaxValue);
            var trailer = (entriesAndFlags & ContinuesFlag) != 0 ? reader.ReadVarint() : 0;
            var (start, restLength) = reader.ReadRange();
            if (reader.IsDamaged || storedBytes == 0 || entriesAndFlags >> 2 == 0)
            {
                return false;
            }

            _lines[i] = new Line(offset, trailer, storedBytes, start, restLength, (uint)entriesAndFlags);
            _heads[i] = Head(Rest(_lines[i]));
            offset = _lines[i].Handle.End;
            EntryCount += _lines[i].EntryCount;
        }

        return reader.IsComplete && offset == dataEnd && Ascends();
    }

    private static long BytesFor(int count, int contentsLength) => contentsLength + (sizeof(ulong) + sizeof(Line)) * (long)count;

    private bool Ascends()
    {
        for (var i = 1; i < Count; i++)
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
