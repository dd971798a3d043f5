using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LsmTree.Storage.Tests.Diagnostics;

/// <summary>Whoever listens to metrics and traces is called in the middle of a commit, a sync or a job, and may throw.</summary>
[Collection(ListeningTests.Name)]
public sealed class ThrowingListenerTests
{
    private const string Name = "told to a listener that throws";

    private static readonly LsmStoreOptions s_options = new() { Seed = 1, Name = Name };

    [Theory]
    [InlineData("lsmtree.commit.duration", BackgroundMode.Manual)]
    [InlineData("lsmtree.commit.duration", BackgroundMode.Threads)]
    [InlineData("lsmtree.log.sync.duration", BackgroundMode.Manual)]
    [InlineData("lsmtree.log.sync.duration", BackgroundMode.Threads)]
    [InlineData("lsmtree.job.duration", BackgroundMode.Manual)]
    [InlineData("lsmtree.job.duration", BackgroundMode.Threads)]
    [InlineData("lsmtree.job.written", BackgroundMode.Manual)]
    [InlineData("lsmtree.job.written", BackgroundMode.Threads)]
    public async Task A_listener_that_throws_at_a_measurement_harms_nothing_and_is_counted(string instrument, BackgroundMode background)
    {
        using var listener = new MeterListener
        {
            InstrumentPublished = (published, listener) =>
            {
                if (published.Meter.Name == "LsmTree.Storage" && published.Name == instrument)
                {
                    listener.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>(static (_, _, tags, _) => Throw(tags));
        listener.SetMeasurementEventCallback<long>(static (_, _, tags, _) => Throw(tags));
        listener.Start();
        await UseStore(background);
    }

    [Theory]
    [InlineData("sample")]
    [InlineData("started")]
    [InlineData("stopped")]
    public async Task A_listener_that_throws_at_an_activity_harms_nothing_and_is_counted(string moment)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "LsmTree.Storage",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => moment == "sample" ? throw new InvalidTimeZoneException() : ActivitySamplingResult.AllData,
            ActivityStarted = _ => ThrowAt("started"),
            ActivityStopped = _ => ThrowAt("stopped"),
        };
        ActivitySource.AddActivityListener(listener);
        await UseStore(BackgroundMode.Manual);
        Assert.Null(Activity.Current);

        void ThrowAt(string what)
        {
            if (what == moment)
            {
                throw new InvalidTimeZoneException();
            }
        }
    }

    /// <summary>A commit of each kind, a sync, a flush and a compaction.</summary>
    private static async Task UseStore(BackgroundMode background)
    {
        using var store = LsmStore.OpenInMemory(s_options with { Background = background });
        store.Put("a"u8, "1"u8);
        store.Put("b"u8, "2"u8, Durability.Full);
        Assert.True(store.TryInsert("c"u8, "3"u8));
        store.Delete("a"u8);
        store.Flush();
        var batch = new WriteBatch();
        batch.Put("d"u8, "4"u8);
        await store.WriteAsync(batch, Durability.Full, TestContext.Current.CancellationToken);
        store.Compact();
        store.Put("e"u8, "5"u8);
        Assert.Equal(["b=2", "c=3", "d=4", "e=5"], LsmStoreTests.Dump(store));
        Assert.Null(store.GetStatistics().Failure);
        Assert.NotEqual(0, store.GetStatistics().ListenerErrors);
    }

    private static void Throw(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (Equals(tag.Value, Name))
            {
                throw new InvalidTimeZoneException();
            }
        }
    }
}
