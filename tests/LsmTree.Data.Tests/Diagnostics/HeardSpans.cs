using System.Diagnostics;

namespace LsmTree.Data.Tests.Diagnostics;

/// <summary>The spans of the provider that have ended, of one store.</summary>
internal sealed class HeardSpans : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly List<Activity> _ended = [];
    private readonly string _store;

    public HeardSpans(string store)
    {
        _store = store;
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "LsmTree.Data",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (_ended)
                {
                    _ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Activity[] All
    {
        get
        {
            lock (_ended)
            {
                return [.. _ended.Where(activity => Equals(activity.GetTagItem("lsmtree.store"), _store))];
            }
        }
    }

    public Activity Last => All[^1];

    public void Dispose() => _listener.Dispose();
}
