using System.Diagnostics;

namespace LsmTree.Storage.Diagnostics;

/// <summary>A piece of background work while it is measured. Disposed without <see cref="Completed"/>, it has failed.</summary>
internal sealed class MeasuredJob : IDisposable
{
    private const string Failed = "failed";
    private const string Succeeded = "ok";

    private readonly TelemetryRelay _relay;
    private readonly KeyValuePair<string, object?> _store;
    private readonly KeyValuePair<string, object?> _kind;
    private readonly Activity? _activity;
    private readonly Activity? _before; // of this thread
    private readonly TimeProvider _time;
    private readonly long _began;
    private string _result = Failed;

    private MeasuredJob(TelemetryRelay relay, string kind, KeyValuePair<string, object?> store, Activity? activity, Activity? before, TimeProvider time)
    {
        _relay = relay;
        _kind = KeyValuePair.Create(StorageInstruments.KindTag, (object?)kind);
        _store = store;
        _activity = activity;
        _before = before;
        _time = time;
        _began = time.GetTimestamp();
    }

    /// <summary>Begins to measure a job, and its activity. Null when nobody listens.</summary>
    public static MeasuredJob? TryBegin(TelemetryRelay relay, string kind, KeyValuePair<string, object?> store, TimeProvider time)
    {
        var before = Activity.Current;
        var activity = relay.Start("lsmtree." + kind);
        if (activity is null && !StorageInstruments.JobDuration.Enabled && !StorageInstruments.JobSize.Enabled)
        {
            return null;
        }

        activity?.SetTag(store.Key, store.Value);
        return new MeasuredJob(relay, kind, store, activity, before, time);
    }

    /// <summary>The job is done.</summary>
    /// <param name="bytesRead">Bytes of table files that it read.</param>
    /// <param name="bytesWritten">Bytes of table files that it wrote.</param>
    public void Completed(long bytesRead = 0, long bytesWritten = 0)
    {
        _result = Succeeded;
        if (bytesWritten > 0)
        {
            _relay.Record(StorageInstruments.JobSize, bytesWritten, [_store, _kind]);
        }

        _activity?.SetTag("lsmtree.bytes.read", bytesRead).SetTag("lsmtree.bytes.written", bytesWritten);
    }

    public void Dispose()
    {
        _relay.Record(StorageInstruments.JobDuration, _time.GetElapsedTime(_began).TotalSeconds, [_store, _kind, KeyValuePair.Create(StorageInstruments.ResultTag, (object?)_result)]);
        if (_activity is not null)
        {
            _activity.SetStatus(_result == Failed ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
            _relay.End(_activity, _before);
        }
    }
}
