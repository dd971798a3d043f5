using System.Collections.Concurrent;
using LsmTree.Storage.Maintenance;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Tests.Maintenance;

/// <summary>A compaction in the background that fails: which errors are tried again, how soon, and what is told.</summary>
public sealed class CompactionRetryTests
{
    private static readonly LsmStoreOptions s_options = new() { MemtableBytes = 64 << 10, TableBytes = 64 << 10, BlockCacheBytes = 0, Seed = 1 };

    [Fact]
    public void An_error_of_the_device_is_tried_again_later_and_compactions_go_on_once_it_is_gone()
    {
        var files = new FaultyFileSystem();
        var errors = new ErrorListener();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options with { Events = errors });
        files.FailOn(FileOperation.Read, ".sst", static () => new IOException("the device did not answer"), sticky: true);
        FillLevel0(store);
        Assert.True(SpinWait.SpinUntil(() => errors.Seen.Count >= 2, Background.Patience));
        Assert.All(errors.Seen, static error => Assert.IsType<IOException>(error));
        Assert.Equal("the device did not answer", store.GetStatistics().CompactionFailure);
        Assert.Null(store.GetStatistics().Failure);
        store.Put("written"u8, "meanwhile"u8);

        files.ClearFaults();
        Assert.True(SpinWait.SpinUntil(() => store.GetStatistics() is { CompactionFailure: null, Compactions: > 0 }, Background.Patience));
        Assert.Equal(61, LsmStoreTests.Dump(store).Count);
        Assert.True(store.Verify().IsSound);
    }

    [Fact]
    public void A_compaction_that_fails_is_not_begun_again_at_once()
    {
        var files = new FaultyFileSystem();
        var errors = new ErrorListener();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options with { Events = errors });
        files.FailOn(FileOperation.Read, ".sst", static () => new IOException("the device did not answer"), sticky: true);
        FillLevel0(store);
        Assert.True(SpinWait.SpinUntil(() => !errors.Seen.IsEmpty, Background.Patience));

        // Two threads, each of which may have begun before the first failed, and again after 1 s, 2 s, 4 s …: a dozen tries would take minutes.
        SpinWait.SpinUntil(static () => false, TimeSpan.FromMilliseconds(700));
        Assert.InRange(errors.Seen.Count, 1, 12);
    }

    [Fact]
    public void Damage_ends_compactions_and_is_named_in_the_statistics_while_reads_and_writes_go_on()
    {
        var files = new FaultyFileSystem();
        var errors = new ErrorListener();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options with { Events = errors });
        files.FailOn(FileOperation.Read, ".sst", static () => new CorruptionException("000009.sst", 4096, "a block", "garbage"), sticky: true);
        FillLevel0(store);
        Assert.True(SpinWait.SpinUntil(() => store.GetStatistics().CompactionFailure is not null, Background.Patience));
        files.ClearFaults();
        Assert.Contains("000009.sst is damaged at offset 4096", store.GetStatistics().CompactionFailure, StringComparison.Ordinal);
        Assert.Null(store.GetStatistics().Failure);
        var tries = errors.Seen.Count;
        Assert.InRange(tries, 1, 2);
        store.Put("written"u8, "afterwards"u8);
        store.Flush();
        SpinWait.SpinUntil(static () => false, TimeSpan.FromMilliseconds(1_500)); // longer than the first pause of an error that is tried again
        Assert.InRange(store.GetStatistics().Compactions, 0, 1); // the other thread may have been at one
        Assert.Contains("000009.sst", store.GetStatistics().CompactionFailure, StringComparison.Ordinal);
        Assert.Equal(61, LsmStoreTests.Dump(store).Count);
    }

    [Fact]
    public void The_pause_doubles_up_to_half_a_minute_and_a_success_makes_it_short_again()
    {
        var clock = new TickClock();
        var delay = new RetryDelay(new EventRelay(null, clock, new StoreCounters()));
        Assert.True(delay.Remaining <= TimeSpan.Zero);
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 7).Select(_ => delay.BeginLonger().TotalSeconds));
        clock.Seconds += 29;
        Assert.Equal(TimeSpan.FromSeconds(1), delay.Remaining);
        clock.Seconds += 2;
        Assert.True(delay.Remaining < TimeSpan.Zero);
        delay.End();
        Assert.Equal(TimeSpan.Zero, delay.Remaining);
        Assert.Equal(TimeSpan.FromSeconds(1), delay.BeginLonger());
        Assert.Equal(TimeSpan.FromSeconds(1), delay.Begin());
    }

    private static void FillLevel0(LsmStore store)
    {
        for (var table = 0; table < 6; table++)
        {
            for (var key = 0; key < 60; key++)
            {
                store.Put(BitConverter.GetBytes(key), BitConverter.GetBytes(table).Concat(new byte[500]).ToArray());
            }

            store.Flush();
        }
    }

    private sealed class ErrorListener : StoreEventListener
    {
        public ConcurrentQueue<Exception> Seen { get; } = [];

        public override void OnBackgroundError(Exception error) => Seen.Enqueue(error);
    }

    private sealed class TickClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
