using System.Diagnostics;
using System.Runtime.CompilerServices;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Maintenance;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Maintenance;

public sealed class RetiredMemtablesTests
{
    [Fact]
    public void The_memory_of_flushed_memtables_comes_back_without_anybody_allocating_more()
    {
        var retired = new RetiredMemtables();
        var memtables = Enumerable.Range(0, 5).Select(_ => FillAndRetire(retired)).ToArray();

        // A collection that others have under way swallows a request; the next flush repeats it, and so do these small ones.
        var patience = Stopwatch.StartNew();
        while (memtables[..3].Any(memtable => memtable.TryGetTarget(out _)))
        {
            Assert.True(patience.Elapsed < Background.Patience, "Nobody asked for a collection.");
            Thread.Sleep(20);
            retired.Add(new Memtable());
        }
    }

    /// <summary>In a frame of its own, so that nothing on the stack holds the memtable.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Memtable> FillAndRetire(RetiredMemtables retired)
    {
        var memtable = new Memtable();
        var value = new byte[1 << 20];
        for (ulong sequence = 1; sequence <= 8; sequence++)
        {
            memtable.Add(EntryKind.Put, [(byte)sequence], value, sequence);
        }

        retired.Add(memtable);
        return new WeakReference<Memtable>(memtable);
    }
}
