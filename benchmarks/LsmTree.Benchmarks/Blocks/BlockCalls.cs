using BenchmarkDotNet.Attributes;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Keys;

namespace LsmTree.Benchmarks.Blocks;

/// <summary>A search in a block of 4 KiB, a step through it, its checksum, and the look at the cache that comes before.</summary>
public class BlockCalls : IDisposable
{
    private const int Entries = 34; // As many of 116 bytes as a block of 4 KiB holds.
    private const int RestartInterval = 16;

    private readonly SampleEntries _entries = new(Entries);
    private readonly BlockCursor _cursor = new();
    private readonly BlockSlots _slots = new(1);
    private readonly BlockCache _cache = new(1 << 20);
    private byte[] _array = [];
    private Block _block;

    [GlobalCleanup]
    public void Dispose() => _cache.Dispose();

    [GlobalSetup]
    public void Setup()
    {
        using var builder = new BlockBuilder(RestartInterval);
        byte[] before = [];
        foreach (var key in _entries.Sorted)
        {
            builder.Add(key, key.AsSpan().CommonPrefixLength(before), Trailer.Pack(1, EntryKind.Put), _entries.Value);
            before = key;
        }

        _array = [.. builder.Finish().Written, .. new byte[BlockFormat.TrailerBytes]];
        if (!_cache.TryRent(_array.Length - BlockFormat.TrailerBytes, out var frame))
        {
            throw new InvalidOperationException("A block is too large for the cache.");
        }

        _array.CopyTo(frame.Stored);
        _block = Block.FromChecked(frame);
        _cache.Insert(_slots, 0, frame);
        _cursor.Reset(_block);
        _cursor.SeekToFirst();
    }

    [Benchmark]
    public int Search() => BlockSearch.Find(_block, _entries.NextShuffled(), Trailer.ForSeek(Trailer.MaxSequence), out _, out var value) == BlockSearchResult.Found
        ? value.Length
        : throw new InvalidOperationException("A key was lost.");

    [Benchmark]
    public int Step()
    {
        if (!_cursor.Next())
        {
            _cursor.SeekToFirst();
        }

        return _cursor.Key.Length + _cursor.Value.Length;
    }

    /// <summary>What a read from the file pays for certainty.</summary>
    [Benchmark]
    public ulong Checksum() => BlockChecksum.ForFile(1, 1).Compute(_array, 0);

    [Benchmark]
    public bool CacheHit() => _slots.TryGet(0, out _);
}
