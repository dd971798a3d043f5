using BenchmarkDotNet.Attributes;

namespace LsmTree.Benchmarks.Stores;

/// <summary>A put that returns when its bytes have reached the operating system, and one in a batch of a hundred.</summary>
public class Put
{
    private const int Keys = 500_000;
    private const int BatchEntries = 100;

    private readonly byte[] _value = new byte[StoreFixture.ValueBytes];
    private readonly Storage.WriteBatch _batch = new();
    private StoreFixture _fixture = null!;
    private int _next;

    [GlobalSetup]
    public void Setup() => _fixture = StoreFixture.Create(Keys, flushed: true);

    [GlobalCleanup]
    public void Cleanup() => _fixture.Dispose();

    [Benchmark]
    public void Single() => _fixture.Store.Put(NextKey(), _value);

    [Benchmark(OperationsPerInvoke = BatchEntries)]
    public void Batched()
    {
        _batch.Clear();
        for (var i = 0; i < BatchEntries; i++)
        {
            _batch.Put(NextKey(), _value);
        }

        _fixture.Store.Write(_batch);
    }

    private byte[] NextKey() => _fixture.Keys[_next = (_next + 7919) % Keys];
}
