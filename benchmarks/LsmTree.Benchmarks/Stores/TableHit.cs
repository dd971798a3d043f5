using BenchmarkDotNet.Attributes;

namespace LsmTree.Benchmarks.Stores;

/// <summary>A get that a cached block of a table answers. It must allocate nothing.</summary>
public class TableHit
{
    private const int Entries = 500_000;

    private readonly byte[] _buffer = new byte[StoreFixture.ValueBytes];
    private StoreFixture _fixture = null!;
    private int _next;

    [GlobalSetup]
    public void Setup() => _fixture = StoreFixture.Create(Entries, flushed: true);

    [GlobalCleanup]
    public void Cleanup() => _fixture.Dispose();

    [Benchmark]
    public int Get()
    {
        _next = (_next + 7919) % Entries;
        return _fixture.Store.TryGet(_fixture.Keys[_next], _buffer, out var length) ? length : throw new InvalidOperationException("A key was lost.");
    }
}
