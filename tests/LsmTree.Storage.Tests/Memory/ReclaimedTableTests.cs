using System.Diagnostics;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Tests.Tables;

namespace LsmTree.Storage.Tests.Memory;

/// <summary>Readers of tables that are closed under them, and of blocks that are evicted under them. Memory that was given back is unmapped, or belongs to another block.</summary>
[Collection(AloneCollection.Name)]
public sealed class ReclaimedTableTests
{
    private const int Keys = 6000;

    // The same keys, and in each generation other values: who reads memory of another table, or of another block, notices.
    private static readonly byte[][] Generations = [.. Enumerable.Range(0, 4).Select(generation => TestTable.Write(
        Enumerable.Range(0, Keys).Select(i => new Entry(Key(i), Trailer.Pack(1, EntryKind.Put), Value(generation, i))), new TableSettings(BlockBytes: 512)))];

    [Theory]
    [InlineData(16 << 10)] // most blocks are evicted while they are read
    [InlineData(8 << 20)] // most are found
    public async Task Whoever_reads_a_table_that_is_closed_meanwhile_reads_it_or_is_refused(int cacheBytes)
    {
        using var cache = new BlockCache(cacheBytes);
        var current = new Generation(0, cache);
        var isOver = false;
        var found = 0;
        var readers = Enumerable.Range(0, 3).Select(seed => Background.Run(() =>
        {
            var random = new Random(seed);
            while (!Volatile.Read(ref isOver))
            {
                try
                {
                    var generation = Volatile.Read(ref current);
                    switch (seed)
                    {
                        case 0:
                            Get(generation, random);
                            break;
                        case 1:
                            GetAscending(generation, random);
                            break;
                        default:
                            Walk(generation, random);
                            break;
                    }

                    Interlocked.Increment(ref found);
                }
                catch (ObjectDisposedException)
                {
                    // The table is closed, and said so.
                }
            }
        })).ToArray();
        for (var round = 1; round < 1500 || Volatile.Read(ref found) < 5000; round++)
        {
            var old = current;
            Volatile.Write(ref current, new Generation(round % Generations.Length, cache));
            if (round % 4 == 0)
            {
                Thread.Yield();
            }

            old.Table.Dispose();
            Assert.All(readers, static reader => Assert.False(reader.IsFaulted, reader.Exception?.ToString()));
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(readers);
        current.Table.Dispose();
        cache.Dispose();
        ComesBack(cache, 0);
    }

    [Fact]
    public void A_cursor_that_is_never_disposed_costs_its_block_and_no_safety()
    {
        var cache = new BlockCache(64 << 10);
        var table = TestTable.Open(Generations[0], cache);
        var forgotten = table.CreateCursor(fillCache: true);
        forgotten.SeekToFirst();
        var (key, value) = (forgotten.Key.ToArray(), forgotten.Value.ToArray());
        for (var round = 0; round < 5; round++)
        {
            using var other = table.CreateCursor(fillCache: true);
            Assert.Equal(Keys, TestTable.ReadAll(other).Count);
        }

        table.Dispose();
        cache.Dispose();
        Assert.Equal(key, forgotten.Key);
        Assert.Equal(value, forgotten.Value);
        ComesBack(cache, SlabHeap.ArenaBytes);
        Assert.Throws<ObjectDisposedException>(() => TestTable.ReadAll(forgotten));
        ComesBack(cache, 0);
    }

    /// <summary>Readers of other tests may hold a release up for a moment.</summary>
    private static void ComesBack(BlockCache cache, long allButBytes)
    {
        var patience = Stopwatch.StartNew();
        while (cache.MemoryBytes != allButBytes)
        {
            Assert.True(patience.Elapsed < Background.Patience, $"{cache.MemoryBytes} bytes of blocks are left instead of {allButBytes}.");
            Thread.Sleep(1);
        }
    }

    private static void Get(Generation generation, Random random)
    {
        var key = random.Next(Keys);
        var counters = default(TableCounters);
        using var reading = ReadSection.Enter();
        Assert.Equal(LookupOutcome.Found, generation.Table.TryGet(Key(key), ulong.MaxValue, ReadTier.Disk, ref counters, out _, out var value));
        Check(generation, key, value);
        Thread.Yield();
        Check(generation, key, value);
    }

    private static void GetAscending(Generation generation, Random random)
    {
        var visit = default(BlockVisit);
        var counters = default(TableCounters);
        try
        {
            for (var key = random.Next(100); key < Keys; key += random.Next(1, 200))
            {
                Assert.True(generation.Table.TryGetAscending(Key(key), ulong.MaxValue, ref visit, ref counters, out _, out var value));
                Check(generation, key, value);
            }
        }
        finally
        {
            generation.Table.End(ref visit);
        }
    }

    private static void Walk(Generation generation, Random random)
    {
        using var cursor = generation.Table.CreateCursor(fillCache: random.Next(2) == 0);
        var key = random.Next(Keys);
        var steps = random.Next(500);
        for (cursor.Seek(Key(key), ulong.MaxValue); cursor.IsValid && steps > 0; cursor.Next(), steps--)
        {
            Assert.Equal(Key(key), cursor.Key);
            Check(generation, key++, cursor.Value);
        }
    }

    private static void Check(Generation generation, int key, ReadOnlySpan<byte> value) =>
        Assert.True(value.SequenceEqual(Value(generation.Number, key)), "The value of another table, of another block, or of nothing.");

    private static byte[] Key(int number) => Entry.Text($"key{number:D6}");

    private static byte[] Value(int generation, int key) => Entry.Text($"{generation}/{key} {new string((char)('a' + generation), 60)}");

    private sealed class Generation(int number, BlockCache cache)
    {
        public int Number => number;

        public Table Table { get; } = TestTable.Open(Generations[number], cache);
    }
}
