namespace LsmTree.Storage.RangeTombstones;

/// <summary>
/// Range tombstones cut into fragments that do not overlap, so that one binary search answers "what covers this key?". Immutable.
/// </summary>
/// <remarks>
/// <para>Fragmenting, after Pebble's keyspan.Fragmenter: the distinct starts and ends of all tombstones cut the key space; each piece keeps the
/// sequence numbers of the tombstones over it, newest first.</para>
/// <code>
///   [a ———— e)#9
///        [c ———— g)#5      →   [a,c)#9   [c,e)#9,#5   [e,g)#5
/// </code>
/// <para>Invariants: (1) fragments are sorted by start and do not overlap; (2) no fragment is empty; (3) the sequence numbers of a fragment
/// are strictly descending.</para>
/// </remarks>
internal sealed class RangeTombstoneList
{
    public static readonly RangeTombstoneList Empty = new([], [], []);

    private readonly byte[][] _starts;
    private readonly byte[][] _ends;
    private readonly ulong[][] _sequences;

    private RangeTombstoneList(byte[][] starts, byte[][] ends, ulong[][] sequences)
    {
        _starts = starts;
        _ends = ends;
        _sequences = sequences;
    }

    public bool IsEmpty => _starts.Length == 0;

    public int FragmentCount => _starts.Length;

    /// <summary>Fragments <paramref name="tombstones"/>, which may overlap and come in any order. Empty ranges are ignored.</summary>
    public static RangeTombstoneList From(IReadOnlyCollection<RangeTombstone> tombstones)
    {
        var kept = new List<RangeTombstone>(tombstones.Count);
        foreach (var tombstone in tombstones)
        {
            if (tombstone.Start.AsSpan().SequenceCompareTo(tombstone.End) < 0)
            {
                kept.Add(tombstone);
            }
        }

        if (kept.Count == 0)
        {
            return Empty;
        }

        kept.Sort(static (a, b) => a.Start.AsSpan().SequenceCompareTo(b.Start));
        var cuts = new List<byte[]>(kept.Count * 2);
        foreach (var tombstone in kept)
        {
            cuts.Add(tombstone.Start);
            cuts.Add(tombstone.End);
        }

        cuts.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        var starts = new List<byte[]>();
        var ends = new List<byte[]>();
        var sequences = new List<ulong[]>();
        // Sweep the cuts from left to right; `open` holds the tombstones over the piece between two cuts.
        var open = new List<RangeTombstone>();
        var next = 0;
        for (var i = 0; i + 1 < cuts.Count; i++)
        {
            var from = cuts[i];
            var to = cuts[i + 1];
            if (from.AsSpan().SequenceEqual(to))
            {
                continue;
            }

            open.RemoveAll(t => t.End.AsSpan().SequenceCompareTo(from) <= 0);
            while (next < kept.Count && kept[next].Start.AsSpan().SequenceCompareTo(from) <= 0)
            {
                open.Add(kept[next++]);
            }

            open.RemoveAll(t => t.End.AsSpan().SequenceCompareTo(from) <= 0);
            if (open.Count == 0)
            {
                continue;
            }

            var distinct = open.Select(static t => t.Sequence).Distinct().ToArray();
            Array.Sort(distinct, static (a, b) => b.CompareTo(a));
            starts.Add(from);
            ends.Add(to);
            sequences.Add(distinct);
        }

        return new RangeTombstoneList([.. starts], [.. ends], [.. sequences]);
    }

    /// <summary>The newest sequence number ≤ <paramref name="limit"/> of a tombstone over <paramref name="userKey"/>, or 0 when there is none.</summary>
    public ulong CoveringSequence(ReadOnlySpan<byte> userKey, ulong limit)
    {
        var fragment = FindFragment(userKey);
        if (fragment < 0)
        {
            return 0;
        }

        foreach (var sequence in _sequences[fragment])
        {
            if (sequence <= limit)
            {
                return sequence;
            }
        }

        return 0;
    }

    /// <summary>All fragments as tombstones, by start, then newest first.</summary>
    public IEnumerable<RangeTombstone> Fragments()
    {
        for (var i = 0; i < _starts.Length; i++)
        {
            foreach (var sequence in _sequences[i])
            {
                yield return new RangeTombstone(_starts[i], _ends[i], sequence);
            }
        }
    }

    /// <summary>The fragments that reach over <paramref name="userKey"/> or begin after it, as tombstones, by start, then newest first.</summary>
    public IEnumerable<RangeTombstone> FragmentsFrom(byte[] userKey)
    {
        for (var i = FirstEndingAfter(userKey); i < _starts.Length; i++)
        {
            foreach (var sequence in _sequences[i])
            {
                yield return new RangeTombstone(_starts[i], _ends[i], sequence);
            }
        }
    }

    /// <summary>True when a fragment touches [<paramref name="from"/>, <paramref name="to"/>], both ends included.</summary>
    public bool Overlaps(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        var first = FirstEndingAfter(from);
        return first < _starts.Length && _starts[first].AsSpan().SequenceCompareTo(to) <= 0;
    }

    private int FindFragment(ReadOnlySpan<byte> userKey)
    {
        var i = FirstEndingAfter(userKey);
        return i < _starts.Length && userKey.SequenceCompareTo(_starts[i]) >= 0 ? i : -1;
    }

    private int FirstEndingAfter(ReadOnlySpan<byte> userKey)
    {
        var low = 0;
        var high = _ends.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ends[middle].AsSpan().SequenceCompareTo(userKey) <= 0)
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
}
