using System.Runtime.CompilerServices;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Views;

/// <summary>Counters of point reads: each processor has a cache line of its own, so that counting does not make readers wait for each other.</summary>
/// <remarks>An increment that is interrupted half-way may be lost: the sums are statistics, exact only while each processor runs one thread.</remarks>
internal sealed class ReadCounters
{
    private const int Stride = 64 / sizeof(long);
    private const int Gets = 0;
    private const int MemtableHits = 1;
    private const int FilterProbes = 2;
    private const int FilterRejections = 3;
    private const int BlockHits = 4;
    private const int BlockMisses = 5;

    private readonly int _stripes = Math.Min(Environment.ProcessorCount, 64);
    private readonly long[] _slots;

    public ReadCounters()
    {
        // One line more than stripes, so that the first one does not share its line with the array's header.
        _slots = new long[(_stripes + 1) * Stride];
    }

    public long TotalGets => Sum(Gets);

    public long TotalMemtableHits => Sum(MemtableHits);

    public long TotalFilterProbes => Sum(FilterProbes);

    public long TotalFilterRejections => Sum(FilterRejections);

    public long TotalBlockHits => Sum(BlockHits);

    public long TotalBlockMisses => Sum(BlockMisses);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(bool memtableHit, in TableCounters tables)
    {
        var slots = _slots;
        var line = Line();
        slots[line + Gets]++;
        if (memtableHit)
        {
            slots[line + MemtableHits]++;
            return;
        }

        Add(slots, line, tables);
    }

    /// <summary>Counts many keys that were looked up together.</summary>
    public void Count(int gets, int memtableHits, in TableCounters tables)
    {
        var line = Line();
        _slots[line + Gets] += gets;
        _slots[line + MemtableHits] += memtableHits;
        Add(_slots, line, tables);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Line() => (int)((uint)Thread.GetCurrentProcessorId() % (uint)_stripes + 1) * Stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(long[] slots, int line, in TableCounters tables)
    {
        slots[line + FilterProbes] += tables.FilterProbes;
        slots[line + FilterRejections] += tables.FilterRejections;
        slots[line + BlockHits] += tables.BlockHits;
        slots[line + BlockMisses] += tables.BlockMisses;
    }

    private long Sum(int counter)
    {
        long sum = 0;
        for (var line = Stride; line < _slots.Length; line += Stride)
        {
            sum += Volatile.Read(ref _slots[line + counter]);
        }

        return sum;
    }
}
