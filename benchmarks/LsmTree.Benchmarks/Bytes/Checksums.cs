using BenchmarkDotNet.Attributes;
using LsmTree.Storage.Bytes;

namespace LsmTree.Benchmarks.Bytes;

/// <summary>CRC32C of a log record of one put, and of 4 KiB.</summary>
public class Checksums
{
    private const int RecordBytes = 136;
    private const int PageBytes = 4 << 10;

    private readonly byte[] _bytes = new byte[PageBytes];

    [GlobalSetup]
    public void Setup() => new Random(1).NextBytes(_bytes);

    [Benchmark]
    public uint OfRecord() => Crc32C.Compute(_bytes.AsSpan(0, RecordBytes));

    [Benchmark]
    public uint OfPage() => Crc32C.Compute(_bytes);
}
