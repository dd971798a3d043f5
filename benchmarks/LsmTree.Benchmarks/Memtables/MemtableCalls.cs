using BenchmarkDotNet.Attributes;
using LsmTree.Storage.Cursors;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memtables;

namespace LsmTree.Benchmarks.Memtables;

/// <summary>The memtable alone: an insert of a key in shuffled order and in key order, a hit, a step.</summary>
public class MemtableCalls
{
    private SampleEntries _entries = null!;
    private Memtable _filled = null!;
    private Memtable _empty = null!;
    private ICursor _cursor = null!;

    [Params(10_000, 500_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _entries = new SampleEntries(Entries);
        _filled = new Memtable();
        Fill(_filled, _entries.Shuffled);
        _empty = new Memtable();
        _cursor = _filled.CreateCursor();
        _cursor.SeekToFirst();
    }

    /// <summary>All entries into an empty memtable; divide by their number.</summary>
    [Benchmark]
    public long FillShuffled() => Refill(_entries.Shuffled);

    /// <summary>The same in key order.</summary>
    [Benchmark]
    public long FillSorted() => Refill(_entries.Sorted);

    [Benchmark]
    public int Get() => _filled.TryGet(_entries.NextShuffled(), Trailer.ForSeek(Trailer.MaxSequence), out _, out var value)
        ? value.Length
        : throw new InvalidOperationException("A key was lost.");

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

    private long Refill(byte[][] keys)
    {
        _empty.Reset(long.MaxValue);
        Fill(_empty, keys);
        return _empty.Bytes;
    }

    private void Fill(Memtable memtable, byte[][] keys)
    {
        var sequence = 0UL;
        foreach (var key in keys)
        {
            memtable.Add(EntryKind.Put, key, _entries.Value, ++sequence);
        }
    }
}
