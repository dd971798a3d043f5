using LsmTree.Workloads.Numbers;

namespace LsmTree.Workloads.Workers;

/// <summary>A mix of operations after YCSB (Cooper et al., "Benchmarking cloud serving systems with YCSB", 2010).</summary>
internal sealed class MixedWorker(WorkloadContext context, Mix mix, KeyChooser keys, SplitMix64 random) : Worker(context)
{
    private const int MaxScanEntries = 100;

    private readonly double _belowReads = mix.Reads;
    private readonly double _belowUpdates = mix.Reads + mix.Updates;
    private readonly double _belowInserts = mix.Reads + mix.Updates + mix.Inserts;
    private readonly double _belowScans = mix.Reads + mix.Updates + mix.Inserts + mix.Scans;

    public override void Do(long index)
    {
        var draw = random.NextFraction();
        if (draw < _belowReads)
        {
            Get(keys.Next());
        }
        else if (draw < _belowUpdates)
        {
            Put(keys.Next());
        }
        else if (draw < _belowInserts)
        {
            Put(Context.ClaimKey());
            KeysAdded++;
        }
        else if (draw < _belowScans)
        {
            Scan(keys.Next(), 1 + (int)random.NextBelow(MaxScanEntries));
        }
        else
        {
            var number = keys.Next();
            Get(number);
            Put(number);
        }
    }
}
