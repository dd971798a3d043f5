namespace LsmTree.Storage.RangeTombstones;

/// <summary>Range tombstones that are still being added to: one writer at a time, any number of readers.</summary>
/// <remarks>
/// <para>Readers ask lists that are cut from runs of neighbouring tombstones; whoever reads after an addition cuts what is new. A run is cut again
/// together with the one before it unless that is twice as long, so that n tombstones are cut O(n log n) times in all, however reads and
/// additions alternate, and there are never more than log n lists (the logarithmic method, Bentley and Saxe 1980):</para>
/// <code>
///   added 9, read      [9]
///   added 3, read      [9] [3]
///   added 1, read      [9] [3] [1]
///   added 1, read      [14]                1 + 1, then 2 + 3, then 5 + 9
/// </code>
/// <para>A reader sees every tombstone that was added before the sequence number it reads at was published.</para>
/// </remarks>
internal sealed class GrowingTombstones
{
    private readonly Lock _cutGate = new(); // readers that cut
    private readonly Lock _gate = new();
    private readonly List<RangeTombstone> _all = []; // guarded by _gate
    private int _count; // written under _gate
    private Cut _cut = Cut.Nothing; // written under _cutGate

    public int Count => Volatile.Read(ref _count);

    /// <summary>Every tombstone added before the call.</summary>
    public RangeTombstoneStack Current
    {
        get
        {
            var cut = Volatile.Read(ref _cut);
            return cut.Count == Count ? cut.Stack : CatchUp();
        }
    }

    public void Add(RangeTombstone tombstone)
    {
        lock (_gate)
        {
            _all.Add(tombstone);
            Volatile.Write(ref _count, _all.Count);
        }
    }

    /// <summary>Every tombstone added before the call, cut against each other.</summary>
    public RangeTombstoneList ToList() => RangeTombstoneList.From(Copy(0, Count));

    /// <summary>Raises all sequence numbers by <paramref name="offset"/>. Only while nobody else can see it.</summary>
    public void Renumber(ulong offset)
    {
        for (var i = 0; i < _all.Count; i++)
        {
            _all[i] = _all[i] with { Sequence = _all[i].Sequence + offset };
        }

        _cut = Cut.Nothing;
    }

    /// <summary>Forgets everything. Only while nobody else can see it.</summary>
    public void Clear()
    {
        _all.Clear();
        _count = 0;
        _cut = Cut.Nothing;
    }

    private RangeTombstoneStack CatchUp()
    {
        lock (_cutGate)
        {
            var count = Count;
            if (_cut.Count == count)
            {
                return _cut.Stack;
            }

            var starts = new List<int>(_cut.Starts);
            var start = _cut.Count;
            while (starts.Count > 0 && start - starts[^1] < 2 * (count - start))
            {
                start = starts[^1];
                starts.RemoveAt(starts.Count - 1);
            }

            RangeTombstoneList[] lists = [.. _cut.Stack.Lists.Take(starts.Count), RangeTombstoneList.From(Copy(start, count))];
            var cut = new Cut([.. starts, start], count, new RangeTombstoneStack(lists));
            Volatile.Write(ref _cut, cut);
            return cut.Stack;
        }
    }

    private RangeTombstone[] Copy(int from, int to)
    {
        lock (_gate)
        {
            return [.. _all[from..to]];
        }
    }

    /// <summary>The first <paramref name="Count"/> tombstones, cut in runs that begin at <paramref name="Starts"/>.</summary>
    private sealed record Cut(int[] Starts, int Count, RangeTombstoneStack Stack)
    {
        public static readonly Cut Nothing = new([], 0, RangeTombstoneStack.Empty);
    }
}
