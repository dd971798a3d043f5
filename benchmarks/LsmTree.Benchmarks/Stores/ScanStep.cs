using BenchmarkDotNet.Attributes;
using LsmTree.Storage;

namespace LsmTree.Benchmarks.Stores;

/// <summary>A step of a cursor over a compacted store.</summary>
public class ScanStep
{
    private const int Entries = 500_000;

    private StoreFixture _fixture = null!;
    private StoreCursor _cursor = null!;

    [GlobalSetup]
    public void Setup()
    {
        _fixture = StoreFixture.Create(Entries, flushed: true);
        _cursor = _fixture.Store.CreateCursor();
        _cursor.SeekToFirst();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _cursor.Dispose();
        _fixture.Dispose();
    }

    [Benchmark]
    public int Step()
    {
        if (!_cursor.Next())
        {
            _cursor.SeekToFirst();
        }

        return _cursor.Key.Length + _cursor.Value.Length;
    }
}
