using System.Runtime.CompilerServices;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Memtables;

/// <summary>Counts the live keys of a stretch of a tree.</summary>
/// <remarks>
/// A large stretch is counted in the order of insertion, which is the order in memory, and of sequence numbers: every entry knows what it did to
/// the number of live keys, so the sum over the entries of the stretch up to the reader's number is the count, without looking at versions. A
/// small stretch is counted leaf by leaf, with the memory of all entries of a leaf asked for at once.
/// </remarks>
internal readonly unsafe ref struct EntryTreeCount
{
    private const int LargePart = 8; // a stretch of more than an eighth of the entries is large
    private const int StepsPerCheck = 1 << 12;

    private readonly EntryTree _tree;
    private readonly ulong _limit;
    private readonly byte[]? _upper;
    private readonly CancellationToken _cancellation;

    public EntryTreeCount(EntryTree tree, ulong limit, byte[]? upper, CancellationToken cancellation)
    {
        _tree = tree;
        _limit = limit;
        _upper = upper;
        _cancellation = cancellation;
    }

    /// <summary>Counts from <paramref name="position"/> on; the caller keeps the tree from being freed.</summary>
    public long From(TreePosition position)
    {
        if (position.Record == null)
        {
            return 0;
        }

        return IsLarge(position) ? CountInMemoryOrder(position.Record) : CountByLeaves(position);
    }

    private bool IsLarge(TreePosition position)
    {
        var records = stackalloc byte*[TreeNode.Slots];
        var left = _tree.Count / LargePart;
        while (left >= 0)
        {
            left -= _tree.TakeLeaf(ref position, records);
            if (position.Record == null || !IsBelowUpper(position.Record))
            {
                break;
            }
        }

        return left < 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long CountInMemoryOrder(byte* first)
    {
        var lower = EntryRecord.KeyOf(first);
        long count = 0;
        long steps = 0;
        for (var record = _tree.Oldest; record != null && Trailer.Sequence(EntryRecord.TrailerOf(record)) <= _limit; record = EntryRecord.Younger(record))
        {
            var key = EntryRecord.KeyOf(record);
            if (key.SequenceCompareTo(lower) >= 0 && (_upper is null || key.SequenceCompareTo(_upper) < 0))
            {
                count += EntryRecord.ChangeOf(record);
            }

            if ((++steps & (StepsPerCheck - 1)) == 0)
            {
                _cancellation.ThrowIfCancellationRequested();
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long CountByLeaves(TreePosition position)
    {
        var records = stackalloc byte*[TreeNode.Slots];
        byte* decided = null;
        long count = 0;
        while (true)
        {
            var taken = _tree.TakeLeaf(ref position, records);
            for (var i = 0; i < taken; i++)
            {
                EntryRecord.Prefetch(records[i]);
            }

            if (taken > 0 && !IsBelowUpper(records[taken - 1]))
            {
                taken = FirstAtUpper(records, taken);
                position = default;
            }

            for (var i = 0; i < taken; i++)
            {
                var trailer = EntryRecord.TrailerOf(records[i]);
                if (Trailer.Sequence(trailer) <= _limit && (decided == null || !EntryRecord.SameKey(decided, records[i])))
                {
                    decided = records[i];
                    count += Trailer.Kind(trailer) == EntryKind.Put ? 1 : 0;
                }
            }

            if (position.Record == null)
            {
                return count;
            }

            _cancellation.ThrowIfCancellationRequested();
        }
    }

    private int FirstAtUpper(byte** records, int count)
    {
        var at = 0;
        while (at < count && IsBelowUpper(records[at]))
        {
            at++;
        }

        return at;
    }

    private bool IsBelowUpper(byte* record) => _upper is null || EntryRecord.KeyOf(record).SequenceCompareTo(_upper) < 0;
}
