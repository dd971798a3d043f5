using System.Diagnostics;

namespace LsmTree.Storage.Tests.Diagnostics;

[Collection(ListeningTests.Name)]
public sealed class StoreActivitiesTests
{
    private static readonly LsmStoreOptions s_manual = new() { Background = BackgroundMode.Manual, Seed = 1, Name = "traced" };

    [Fact]
    public void Recovery_flush_and_compaction_are_activities()
    {
        var ended = new List<Activity>();
        using var listener = Listen(ended);
        using (var store = LsmStore.OpenInMemory(s_manual))
        {
            store.Put("a"u8, "b"u8);
            store.Flush();
            store.Put("a"u8, "b"u8);
            store.Compact();
        }

        var mine = ended.Where(static activity => Equals(activity.GetTagItem("lsmtree.store"), "traced")).ToList();
        Assert.Equal(["lsmtree.recovery", "lsmtree.flush", "lsmtree.flush", "lsmtree.compaction"], mine.Take(4).Select(static activity => activity.OperationName));
        Assert.All(mine, static activity => Assert.NotEqual(ActivityStatusCode.Error, activity.Status));
        Assert.True((long)mine[1].GetTagItem("lsmtree.bytes.written")! > 0);
    }

    [Fact]
    public void Background_work_belongs_to_nobody_s_request()
    {
        var ended = new List<Activity>();
        using var listener = Listen(ended);
        using var request = new Activity("request").Start();
        using (var store = LsmStore.OpenInMemory(s_manual with { Background = BackgroundMode.Threads }))
        {
            store.Put("a"u8, "b"u8);
            store.Flush();
        }

        lock (ended)
        {
            var flush = Assert.Single(ended, static activity => activity.OperationName == "lsmtree.flush" && Equals(activity.GetTagItem("lsmtree.store"), "traced"));
            Assert.Null(flush.ParentId);
            Assert.Equal(request.Id, Assert.Single(ended, static activity => activity.OperationName == "lsmtree.recovery").ParentId);
        }
    }

    private static ActivityListener Listen(List<Activity> ended)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "LsmTree.Storage",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (ended)
                {
                    ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
