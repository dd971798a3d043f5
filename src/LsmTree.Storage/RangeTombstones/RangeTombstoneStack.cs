namespace LsmTree.Storage.RangeTombstones;

/// <summary>Several lists of range tombstones that are asked as one. Immutable.</summary>
/// <remarks>
/// Cutting lists against one another costs as much as all of them have pieces; asking each costs a binary search more. So long lists, which a
/// table or a memtable keeps ready, stay as they are, and only short ones are cut together.
/// </remarks>
internal sealed class RangeTombstoneStack
{
    public static readonly RangeTombstoneStack Empty = new([]);

    /// <summary>Pieces up to which a list is cut together with others.</summary>
    private const int ShortPieces = 64;

    private readonly RangeTombstoneList[] _lists;

    public RangeTombstoneStack(RangeTombstoneList[] lists)
    {
        _lists = lists;
    }

    public bool IsEmpty => _lists.Length == 0;

    public IReadOnlyList<RangeTombstoneList> Lists => _lists;

    /// <summary>Stacks <paramref name="lists"/> for a reader that asks once for each key it passes, and always with the same <paramref name="limit"/>.</summary>
    public static RangeTombstoneStack Of(List<RangeTombstoneList> lists, ulong limit)
    {
        var stacked = lists.Where(static list => list.PieceCount > ShortPieces).ToList();
        var brief = lists.Where(static list => !list.IsEmpty && list.PieceCount <= ShortPieces).ToList();
        if (brief.Count > 0)
        {
            stacked.Add(brief.Count == 1 ? brief[0] : RangeTombstoneList.From([.. brief.SelectMany(list => list.VisibleFragments([limit]))]));
        }

        return stacked.Count == 0 ? Empty : new RangeTombstoneStack([.. stacked]);
    }

    /// <inheritdoc cref="RangeTombstoneList.CoveringSequence"/>
    public ulong CoveringSequence(ReadOnlySpan<byte> userKey, ulong limit)
    {
        ulong newest = 0;
        foreach (var list in _lists)
        {
            newest = Math.Max(newest, list.CoveringSequence(userKey, limit));
        }

        return newest;
    }
}
