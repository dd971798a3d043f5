using BenchmarkDotNet.Attributes;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Cursors;
using LsmTree.Storage.Files;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Tables;

namespace LsmTree.Benchmarks.Tables;

/// <summary>One table file: a hit in a cached block, a miss that the filter answers, a hit that reads the file, a step.</summary>
public class TableCalls
{
    private const int Entries = 200_000;
    private const ulong StoreId = 1;
    private const ulong FileNumber = 2;
    private const ulong Everything = Trailer.MaxSequence;

    private readonly SampleEntries _entries = new(Entries);
    private readonly byte[] _missing = new byte[StoreFixture.KeyBytes];
    private string _directory = null!;
    private Table _cached = null!;
    private Table _uncached = null!;
    private ICursor _cursor = null!;
    private TableCounters _counters; // Not readonly: the table adds to it.

    [GlobalSetup]
    public void Setup()
    {
        _directory = Directory.CreateTempSubdirectory("lsmtree-benchmark-").FullName;
        var files = new DiskFileSystem();
        var path = Path.Combine(_directory, "table");
        using (var file = files.CreateAppend(path, new AppendSettings(Mapped: false, BufferBytes: 1 << 20)))
        {
            using var writer = new TableWriter(file, new TableSettings(), StoreId, FileNumber);
            foreach (var key in _entries.Sorted)
            {
                writer.Add(key, Trailer.Pack(1, EntryKind.Put), _entries.Value);
            }

            writer.Finish();
            file.Finish();
        }

        _cached = Table.Open(files.OpenRead(path), StoreId, FileNumber, new BlockCache(256L << 20));
        _uncached = Table.Open(files.OpenRead(path), StoreId, FileNumber, new BlockCache(0));
        foreach (var key in _entries.Sorted)
        {
            Get(_cached, key);
        }

        _cursor = _cached.CreateCursor(fillCache: true);
        _cursor.SeekToFirst();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _cursor.Dispose();
        _cached.Dispose();
        _uncached.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Benchmark]
    public int HitInCache() => Get(_cached, _entries.NextShuffled());

    [Benchmark]
    public int HitInFile() => Get(_uncached, _entries.NextShuffled());

    [Benchmark]
    public bool MissByFilter()
    {
        _entries.NextShuffled().CopyTo(_missing, 0);
        _missing[^1] |= 1; // Keys of the table are even.
        return _cached.TryGet(_missing, Trailer.ForSeek(Everything), ReadTier.Disk, ref _counters, out _, out _) == LookupOutcome.Found;
    }

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

    private int Get(Table table, byte[] key) =>
        table.TryGet(key, Trailer.ForSeek(Everything), ReadTier.Disk, ref _counters, out _, out var value) == LookupOutcome.Found
            ? value.Length
            : throw new InvalidOperationException("A key was lost.");
}
