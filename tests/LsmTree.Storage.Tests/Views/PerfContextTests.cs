using System.Text;

namespace LsmTree.Storage.Tests.Views;

public sealed class PerfContextTests : IDisposable
{
    private readonly LsmStore _store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });

    public PerfContextTests()
    {
        for (var i = 0; i < 5_000; i++)
        {
            _store.Put(Key(i), new byte[100]);
        }

        _store.Flush();
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_point_read_counts_what_it_asked()
    {
        var perf = new PerfContext();
        using (perf.Activate())
        {
            Assert.True(_store.Contains(Key(7)));
        }

        Assert.Equal((1, 1, 1, 0), (perf.MemtableProbes, perf.TableProbes, perf.FilterProbes, perf.FilterRejections));
        Assert.Equal((0, 1, 1), (perf.BlockCacheHits, perf.BlocksRead, perf.FileReads));
        Assert.InRange(perf.BytesRead, 3_000, 5_000);

        perf.Reset();
        using (perf.Activate())
        {
            Assert.True(_store.Contains(Key(7)));
            Assert.False(_store.Contains("key00007absent"u8));
            _store.Put("key"u8, "in the memtable"u8);
            Assert.True(_store.Contains("key"u8));
        }

        Assert.Equal((3, 2, 2, 1), (perf.MemtableProbes, perf.TableProbes, perf.FilterProbes, perf.FilterRejections));
        Assert.Equal((1, 0, 0, 0), (perf.BlockCacheHits, perf.BlocksRead, perf.FileReads, perf.BytesRead));
    }

    [Fact]
    public void Many_keys_at_once_count_each_probe_and_one_visit_of_a_block()
    {
        var perf = new PerfContext();
        var keys = Enumerable.Range(0, 20).Select(static i => (ReadOnlyMemory<byte>)Key(i)).ToArray();
        using (perf.Activate())
        {
            Assert.Equal(20, _store.MultiGet(keys, new ValueSet()));
        }

        Assert.Equal((20, 20, 20), (perf.MemtableProbes, perf.TableProbes, perf.FilterProbes));
        Assert.Equal((0, 1, 1), (perf.BlockCacheHits, perf.BlocksRead, perf.FileReads));
    }

    [Fact]
    public void A_scan_reads_ahead_and_a_second_one_reads_nothing()
    {
        var perf = new PerfContext();
        var before = _store.GetStatistics();
        using (perf.Activate())
        {
            Assert.Equal(5_000, CountAll(new CursorOptions()));
        }

        var blocks = perf.BlocksRead;
        Assert.InRange(blocks, 130, 180);
        Assert.InRange(perf.FileReads, blocks / 20, blocks / 8);
        Assert.InRange(perf.BytesRead, 5_000 * 100, 5_000 * 130);
        var after = _store.GetStatistics();
        Assert.Equal(perf.FileReads, after.ReadAheads - before.ReadAheads + 2); // the first two blocks came one by one
        Assert.Equal(blocks, after.BlockCacheMisses - before.BlockCacheMisses);

        perf.Reset();
        using (perf.Activate())
        {
            Assert.Equal(5_000, CountAll(new CursorOptions()));
        }

        Assert.Equal((blocks, 0, 0, 0), (perf.BlockCacheHits, perf.BlocksRead, perf.FileReads, perf.BytesRead));
        Assert.Equal((1, 0), (perf.TableProbes, perf.EntriesSkipped));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Entries_stepped_over_are_counted_both_ways(bool backward)
    {
        for (var i = 100; i < 140; i++)
        {
            _store.Delete(Key(i));
        }

        for (var i = 200; i < 205; i++)
        {
            _store.Put(Key(i), "new"u8);
        }

        var perf = new PerfContext();
        using (perf.Activate())
        {
            using var cursor = _store.CreateCursor(new CursorOptions { LowerBound = Key(50), UpperBound = Key(300) });
            var count = 0;
            for (var isValid = backward ? cursor.SeekToLast() : cursor.SeekToFirst(); isValid; isValid = backward ? cursor.Prev() : cursor.Next())
            {
                count++;
            }

            Assert.Equal(250 - 40, count);
            Assert.Equal(cursor.SkippedEntries, perf.EntriesSkipped);
        }

        // 40 tombstones and what they hide, and 5 old versions.
        Assert.Equal(85, perf.EntriesSkipped);
        Assert.Equal(40, perf.TombstonesSkipped);
        Assert.Equal(1, perf.MemtableProbes);
    }

    [Fact]
    public void What_other_threads_read_does_not_show()
    {
        var perf = new PerfContext();
        using (perf.Activate())
        {
            var other = new Thread(() =>
            {
                for (var i = 0; i < 1_000; i++)
                {
                    _store.Contains(Key(i));
                }
            });
            other.Start();
            other.Join();
            Assert.Equal(0, perf.FilterProbes);
            _store.Contains(Key(1));
        }

        Assert.Equal((1, 1, 0), (perf.FilterProbes, perf.BlockCacheHits, perf.BlocksRead));
    }

    [Fact]
    public void Scopes_nest_and_end()
    {
        var outer = new PerfContext();
        var inner = new PerfContext();
        using (outer.Activate())
        {
            using (inner.Activate())
            {
                _store.Contains(Key(1));
            }

            _store.Contains(Key(2));
            _store.Contains(Key(3));
        }

        _store.Contains(Key(4));
        Assert.Equal((1, 2), (inner.MemtableProbes, outer.MemtableProbes));

        var scope = outer.Activate();
        scope.Dispose();
        using (inner.Activate())
        {
            scope.Dispose();
            _store.Contains(Key(5));
        }

        Assert.Equal((2, 2), (inner.MemtableProbes, outer.MemtableProbes));
    }

    [Fact]
    public void Nothing_is_allocated_with_a_context_or_without()
    {
        var perf = new PerfContext();
        var key = Key(7);
        Assert.Equal(0, Allocations.Least(() => _store.Contains(key)));
        Assert.Equal(0, Allocations.Least(() =>
        {
            using (perf.Activate())
            {
                _store.Contains(key);
            }
        }));
        Assert.True(perf.BlockCacheHits > 0);
    }

    private int CountAll(CursorOptions options)
    {
        using var cursor = _store.CreateCursor(options);
        var count = 0;
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            count++;
        }

        return count;
    }

    private static byte[] Key(int number) => Encoding.UTF8.GetBytes($"key{number:D5}");
}
