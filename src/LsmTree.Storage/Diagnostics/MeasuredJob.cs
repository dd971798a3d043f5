using System.Diagnostics;

namespace LsmTree.Storage.Diagnostics;

/// <summary>A piece of background work while it is measured. Disposed without <see cref="Completed"/>, it has failed.</summary>
internal sealed class MeasuredJob : IDisposable
{
    private const string Failed = "failed";
    private const string Succeeded = "ok";

    private readonly KeyValuePair<string, object?> _store;
    private readonly KeyValuePair<string, object?> _kind;
    private readonly Activity? _activity;
    private readonly TimeProvider _time;
    private readonly long _began;
    private string _result = Failed;

    public MeasuredJob(string kind, KeyValuePair<string, object?> store, Activity? activity, TimeProvider time)
    {
        _kind = KeyValuePair.Create(StorageInstruments.KindTag, (object?)kind);
        _store = store;
        _activity = activity;
        _time = time;
        _began = time.GetTimestamp();
    }

    /// <summary>The job is done.</summary>
    /// <param name="bytesRead">Bytes of table files that it read.</param>
    /// <param name="bytesWritten">Bytes of table files that it wrote.</param>
    public void Completed(long bytesRead = 0, long bytesWritten = 0)
    {
        _result = Succeeded;
        if (bytesWritten > 0)
        {
            StorageInstruments.JobSize.Record(bytesWritten, _store, _kind);
        }

        _activity?.SetTag("lsmtree.bytes.read", bytesRead).SetTag("lsmtree.bytes.written", bytesWritten);
    }

    public void Dispose()
    {
        StorageInstruments.JobDuration.Record(_time.GetElapsedTime(_began).TotalSeconds, _store, _kind, KeyValuePair.Create(StorageInstruments.ResultTag, (object?)_result));
        if (_activity is not null)
        {
            _activity.SetStatus(_result == Failed ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
            _activity.Dispose();
        }
    }
}
