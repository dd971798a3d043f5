namespace LsmTree.Storage.RangeTombstones;

/// <summary>
/// Range tombstones cut into pieces that do not overlap, so that one binary search answers "what covers this key?". Immutable.
/// </summary>
/// <remarks>
/// <para>The distinct starts and ends of all tombstones cut the key space (after Pebble's keyspan.Fragmenter). A fragment is a piece together with
/// one tombstone over it:</para>
/// <code>
///   [a ———— e)#9
///        [c ———— g)#5      →   [a,c)#9   [c,e)#9,#5   [e,g)#5
/// </code>
/// <para>Many tombstones over one another have as many fragments as the square of their number: trimming a queue from its start does that. So
/// fragments are not stored. Each piece knows the newest sequence number over it, which is all that a reader of the present asks for. Older ones
/// are found in a segment tree over the pieces, in which a tombstone stands at no more than two nodes of each depth; whatever covers a piece
/// stands on the way from its leaf to the root. Building takes O(n log n) time and room for n tombstones.</para>
/// <code>
///   pieces        0     1     2     3           leaf of piece p: node p + 4; parent of node n: n / 2
///   nodes         4     5     6     7
///                   2           3
///                         1                     a tombstone over the pieces 1 to 3 stands at the nodes 5 and 3
/// </code>
/// <para>Invariants: (1) the cuts rise strictly; (2) the sequence numbers at a node rise; (3) a piece without tombstones has 0 for its newest, and
/// none such is first, last, or beside another.</para>
/// </remarks>
internal sealed class RangeTombstoneList
{
    public static readonly RangeTombstoneList Empty = new([], [], [0], []);

    private const int MaxNodes = 64; // two of each depth of a tree with 2^31 leaves
    private static readonly Comparer<byte[]> s_order = Comparer<byte[]>.Create(static (left, right) => left.AsSpan().SequenceCompareTo(right));

    private readonly byte[][] _cuts; // one more than pieces
    private readonly ulong[] _newest; // of each piece
    private readonly int[] _nodeEnds; // the numbers at node n are _sequences[_nodeEnds[n - 1] .. _nodeEnds[n]]; node 0 has none
    private readonly ulong[] _sequences;

    private RangeTombstoneList(byte[][] cuts, ulong[] newest, int[] nodeEnds, ulong[] sequences)
    {
        _cuts = cuts;
        _newest = newest;
        _nodeEnds = nodeEnds;
        _sequences = sequences;
    }

    public bool IsEmpty => _newest.Length == 0;

    /// <summary>Pieces, those between two tombstones included.</summary>
    public int PieceCount => _newest.Length;

    /// <summary>Cuts <paramref name="tombstones"/>, which may overlap and come in any order. Empty ranges are ignored.</summary>
    public static RangeTombstoneList From(IReadOnlyCollection<RangeTombstone> tombstones)
    {
        var kept = tombstones.Where(static tombstone => tombstone.Start.AsSpan().SequenceCompareTo(tombstone.End) < 0).ToArray();
        if (kept.Length == 0)
        {
            return Empty;
        }

        Array.Sort(kept, static (left, right) => left.Sequence.CompareTo(right.Sequence));
        var cuts = CutsOf(kept);
        var spans = new (int From, int To)[kept.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            spans[i] = (IndexOf(cuts, kept[i].Start), IndexOf(cuts, kept[i].End));
        }

        var pieces = cuts.Length - 1;
        var nodeEnds = new int[2 * pieces];
        Span<int> nodes = stackalloc int[MaxNodes];
        foreach (var span in spans)
        {
            foreach (var node in nodes[..FindNodes(span, pieces, nodes)])
            {
                nodeEnds[node]++;
            }
        }

        for (var node = 1; node < nodeEnds.Length; node++)
        {
            nodeEnds[node] += nodeEnds[node - 1];
        }

        var sequences = new ulong[nodeEnds[^1]];
        var next = new int[2 * pieces];
        nodeEnds.AsSpan(0, nodeEnds.Length - 1).CopyTo(next.AsSpan(1));
        for (var i = 0; i < kept.Length; i++)
        {
            foreach (var node in nodes[..FindNodes(spans[i], pieces, nodes)])
            {
                sequences[next[node]++] = kept[i].Sequence;
            }
        }

        return new RangeTombstoneList(cuts, NewestOf(nodeEnds, sequences), nodeEnds, sequences);
    }

    /// <summary>The newest sequence number ≤ <paramref name="limit"/> of a tombstone over <paramref name="userKey"/>, or 0 when there is none.</summary>
    public ulong CoveringSequence(ReadOnlySpan<byte> userKey, ulong limit)
    {
        var piece = FirstEndingAfter(userKey);
        return piece < _newest.Length && userKey.SequenceCompareTo(_cuts[piece]) >= 0 ? NewestWithin(piece, limit) : 0;
    }

    /// <summary>All fragments as tombstones, by start, then newest first. As many as the square of the tombstones, if need be.</summary>
    public IEnumerable<RangeTombstone> Fragments() => FragmentsFrom([]);

    /// <summary>The fragments that reach over <paramref name="userKey"/> or begin after it, as tombstones, by start, then newest first.</summary>
    public IEnumerable<RangeTombstone> FragmentsFrom(byte[] userKey)
    {
        for (var piece = FirstEndingAfter(userKey); piece < _newest.Length; piece++)
        {
            for (var sequence = _newest[piece]; sequence > 0; sequence = NewestWithin(piece, sequence - 1))
            {
                yield return new RangeTombstone(_cuts[piece], _cuts[piece + 1], sequence);
            }
        }
    }

    /// <summary>
    /// Of each piece, the newest fragment that each of <paramref name="snapshots"/> sees, and the newest of all, each once: by start, then newest
    /// first. What is left out hides nothing from anybody that these do not hide.
    /// </summary>
    /// <param name="snapshots">Sequence numbers, ascending.</param>
    /// <param name="from">The first piece is the one that reaches over this key or begins after it; null for the first of all.</param>
    public IEnumerable<RangeTombstone> VisibleFragments(ulong[] snapshots, byte[]? from = null)
    {
        for (var piece = FirstEndingAfter(from); piece < _newest.Length; piece++)
        {
            for (var sequence = _newest[piece]; sequence > 0;)
            {
                yield return new RangeTombstone(_cuts[piece], _cuts[piece + 1], sequence);
                var found = Array.BinarySearch(snapshots, sequence);
                var olderSnapshots = found < 0 ? ~found : found;
                sequence = olderSnapshots == 0 ? 0 : NewestWithin(piece, snapshots[olderSnapshots - 1]);
            }
        }
    }

    /// <summary>True when a tombstone touches [<paramref name="from"/>, <paramref name="to"/>], both ends included.</summary>
    public bool Overlaps(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        // No two pieces without tombstones are neighbours: the second look decides.
        var piece = FirstEndingAfter(from);
        while (piece < _newest.Length && _cuts[piece].AsSpan().SequenceCompareTo(to) <= 0)
        {
            if (_newest[piece] != 0)
            {
                return true;
            }

            piece++;
        }

        return false;
    }

    private static byte[][] CutsOf(RangeTombstone[] tombstones)
    {
        var ends = new byte[tombstones.Length * 2][];
        for (var i = 0; i < tombstones.Length; i++)
        {
            ends[2 * i] = tombstones[i].Start;
            ends[2 * i + 1] = tombstones[i].End;
        }

        Array.Sort(ends, s_order);
        var count = 1;
        for (var i = 1; i < ends.Length; i++)
        {
            if (!ends[i].AsSpan().SequenceEqual(ends[count - 1]))
            {
                ends[count++] = ends[i];
            }
        }

        return ends[..count];
    }

    private static int IndexOf(byte[][] cuts, byte[] end) => Array.BinarySearch(cuts, end, s_order);

    /// <summary>The fewest nodes that have exactly the pieces of the span below them: at most two of each depth. Returns how many.</summary>
    private static int FindNodes((int From, int To) span, int pieces, Span<int> nodes)
    {
        var count = 0;
        var (low, high) = (span.From + pieces, span.To + pieces);
        while (low < high)
        {
            if ((low & 1) != 0)
            {
                nodes[count++] = low++;
            }

            if ((high & 1) != 0)
            {
                nodes[count++] = --high;
            }

            low >>= 1;
            high >>= 1;
        }

        return count;
    }

    private static ulong[] NewestOf(int[] nodeEnds, ulong[] sequences)
    {
        var newest = new ulong[nodeEnds.Length];
        for (var node = 1; node < newest.Length; node++)
        {
            var own = nodeEnds[node] > nodeEnds[node - 1] ? sequences[nodeEnds[node] - 1] : 0;
            newest[node] = Math.Max(own, newest[node >> 1]);
        }

        return newest[(newest.Length / 2)..];
    }

    private ulong NewestWithin(int piece, ulong limit)
    {
        var newest = _newest[piece];
        if (newest <= limit)
        {
            return newest;
        }

        newest = 0;
        for (var node = piece + _newest.Length; node > 0; node >>= 1)
        {
            var begin = _nodeEnds[node - 1];
            var at = _sequences.AsSpan(begin, _nodeEnds[node] - begin).BinarySearch(limit);
            if (at >= 0)
            {
                return limit;
            }

            newest = ~at > 0 ? Math.Max(newest, _sequences[begin + ~at - 1]) : newest;
        }

        return newest;
    }

    private int FirstEndingAfter(ReadOnlySpan<byte> userKey)
    {
        var low = 0;
        var high = _newest.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_cuts[middle + 1].AsSpan().SequenceCompareTo(userKey) <= 0)
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
