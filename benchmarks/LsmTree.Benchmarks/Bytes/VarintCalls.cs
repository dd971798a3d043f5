using BenchmarkDotNet.Attributes;
using LsmTree.Storage.Bytes;

namespace LsmTree.Benchmarks.Bytes;

/// <summary>Lengths and sequence numbers as they stand in batches and blocks: mostly one or two bytes.</summary>
public class VarintCalls
{
    private const int Numbers = 1_000;

    private readonly byte[] _bytes = new byte[Numbers * Varint.MaxLength64];
    private readonly uint[] _numbers = new uint[Numbers];

    [GlobalSetup]
    public void Setup()
    {
        for (var place = 0; place < Numbers; place++)
        {
            _numbers[place] = place % 8 == 0 ? (uint)place * 100 : (uint)place % 128;
        }

        Write();
    }

    [Benchmark(OperationsPerInvoke = Numbers)]
    public int Write()
    {
        var offset = 0;
        foreach (var number in _numbers)
        {
            offset += Varint.Write(_bytes.AsSpan(offset), number);
        }

        return offset;
    }

    [Benchmark(OperationsPerInvoke = Numbers)]
    public uint Read()
    {
        var offset = 0;
        var sum = 0u;
        for (var place = 0; place < Numbers; place++)
        {
            offset += Varint.TryRead32(_bytes.AsSpan(offset), out var number);
            sum += number;
        }

        return sum;
    }
}
