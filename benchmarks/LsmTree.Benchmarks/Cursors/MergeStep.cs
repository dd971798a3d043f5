using BenchmarkDotNet.Attributes;
using LsmTree.Storage.Cursors;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memtables;

namespace LsmTree.Benchmarks.Cursors;

/// <summary>A step of the merge of several sorted runs whose keys alternate: the worst case for staying with one run.</summary>
public class MergeStep : IDisposable
{
    private const int EntriesOfRun = 50_000;

    private ICursor _cursor = null!;

    [Params(2, 3, 8)]
    public int Runs { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var entries = new SampleEntries(EntriesOfRun * Runs);
        var runs = Enumerable.Range(0, Runs).Select(static _ => new Memtable()).ToArray();
        for (var place = 0; place < entries.Sorted.Length; place++)
        {
            runs[place % Runs].Add(EntryKind.Put, entries.Sorted[place], entries.Value, (ulong)place + 1);
        }

        _cursor = new MergingCursor([.. runs.Select(static run => run.CreateCursor())]);
        _cursor.SeekToFirst();
    }

    [GlobalCleanup]
    public void Dispose() => _cursor.Dispose();

    [Benchmark]
    public int Step()
    {
        _cursor.Next();
        if (!_cursor.IsValid)
        {
            _cursor.SeekToFirst();
        }

        return _cursor.Key.Length + _cursor.Value.Length;
    }
}
