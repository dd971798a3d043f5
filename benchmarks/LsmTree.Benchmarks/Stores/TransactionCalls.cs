using BenchmarkDotNet.Attributes;

namespace LsmTree.Benchmarks.Stores;

/// <summary>A transaction of one put, and a put in a transaction of a hundred.</summary>
public class TransactionCalls
{
    private const int Keys = 100_000;
    private const int Puts = 100;

    private readonly byte[] _value = new byte[StoreFixture.ValueBytes];
    private StoreFixture _fixture = null!;
    private int _next;

    [GlobalSetup]
    public void Setup() => _fixture = StoreFixture.Create(Keys, flushed: true);

    [GlobalCleanup]
    public void Cleanup() => _fixture.Dispose();

    [Benchmark]
    public void OfOnePut()
    {
        using var transaction = _fixture.Store.BeginTransaction();
        transaction.Put(NextKey(), _value);
        transaction.Commit();
    }

    [Benchmark(OperationsPerInvoke = Puts)]
    public void OfHundredPuts()
    {
        using var transaction = _fixture.Store.BeginTransaction();
        for (var put = 0; put < Puts; put++)
        {
            transaction.Put(NextKey(), _value);
        }

        transaction.Commit();
    }

    private byte[] NextKey() => _fixture.Keys[_next = (_next + 7919) % Keys];
}
