using System.Diagnostics;

namespace LsmTree.Data.Diagnostics;

/// <summary>An operation of a caller while somebody watches: a span, a measurement, perhaps a slow statement. Used again and again.</summary>
/// <remarks>
/// <para>It lasts from the call to the end of the execution, which for rows is the close of their reader: until then the execution holds its
/// snapshot, and most of a scan's work is done in reads. Parsing is part of it.</para>
/// <para>When nobody watches, all that happens is the question whether somebody does, in <see cref="Begin"/>: no clock is read.</para>
/// </remarks>
internal sealed class WatchedOperation
{
    private readonly TimeProvider _time;
    private OperationTags? _tags; // null when nobody watches
    private SlowStatementWatch? _slow;
    private StatementSummary _summary = StatementSummary.Unreadable;
    private Activity? _activity;
    private Exception? _error;
    private DateTimeOffset _beganAt;
    private long _began;

    public WatchedOperation(TimeProvider time) => _time = time;

    public bool IsWatched => _tags is not null;

    /// <summary>The caller has called.</summary>
    public void Begin(OperationTags tags, SlowStatementWatch? slow)
    {
        if (!IsAnyoneWatching(slow))
        {
            return;
        }

        _tags = tags;
        _slow = slow;
        _began = _time.GetTimestamp();
        if (DataInstruments.Activities.HasListeners())
        {
            _beganAt = _time.GetUtcNow();
        }
    }

    /// <summary>What the operation is has been found out. Only when it is watched.</summary>
    public void Describe(StatementSummary summary)
    {
        _summary = summary;
        StartActivity();
    }

    /// <summary>The first call has ended and the operation goes on: what its thread does next is not a part of it.</summary>
    public void Suspend()
    {
        if (_activity is not null && ReferenceEquals(Activity.Current, _activity))
        {
            Activity.Current = _activity.Parent;
        }
    }

    /// <summary>The caller sees this error.</summary>
    public void Fail(Exception error)
    {
        if (IsWatched)
        {
            _error = error;
        }
    }

    /// <summary>The operation is over.</summary>
    public void End()
    {
        if (_tags is not { } tags)
        {
            return;
        }

        var duration = _time.GetElapsedTime(_began);
        if (_activity is null && _error is not null)
        {
            StartActivity(); // it failed before anybody knew what it was
        }

        Record(tags, duration);
        EndActivity();
        if (_slow is { } slow && duration >= slow.Threshold)
        {
            slow.Tell(_summary, duration, _error);
        }

        _tags = null;
        _slow = null;
        _error = null;
        _summary = StatementSummary.Unreadable;
        _beganAt = default;
    }

    private static bool IsAnyoneWatching(SlowStatementWatch? slow) =>
        slow is not null || DataInstruments.OperationDuration.Enabled || DataInstruments.Activities.HasListeners();

    /// <summary>The SQLSTATE, or the class of an error that has none.</summary>
    private static string TypeOf(Exception error) => error is LsmException { SqlState: { } state } ? state : error.GetType().FullName!;

    private void StartActivity()
    {
        if (!DataInstruments.Activities.HasListeners() || _tags is not { } tags || _beganAt == default)
        {
            return;
        }

        var known = new List<KeyValuePair<string, object?>>(8) { tags.System, tags.Namespace, tags.Store };
        Say(DataInstruments.OperationTag, _summary.Operation);
        Say(DataInstruments.CollectionTag, _summary.Collection);
        Say(DataInstruments.SummaryTag, _summary.Summary.Length > 0 ? _summary.Summary : null);
        Say(DataInstruments.TextTag, _summary.Text);
        Say(DataInstruments.BatchSizeTag, _summary.BatchSize > 1 ? _summary.BatchSize : null);
        var name = _summary.Summary.Length > 0 ? _summary.Summary : DataInstruments.System;
        _activity = TelemetryRelay.Start(name, _beganAt, known);

        void Say(string tag, object? value)
        {
            if (value is not null)
            {
                known.Add(KeyValuePair.Create(tag, (object?)value));
            }
        }
    }

    private void EndActivity()
    {
        if (_activity is not { } activity)
        {
            return;
        }

        if (_error is not null)
        {
            activity.SetTag(DataInstruments.ErrorTag, TypeOf(_error)).SetStatus(ActivityStatusCode.Error, _error.Message);
            if (_error is LsmException { SqlState: { } state })
            {
                activity.SetTag(DataInstruments.StatusTag, state);
            }
        }

        _activity = null;
        TelemetryRelay.End(activity);
    }

    private void Record(OperationTags tags, TimeSpan duration)
    {
        if (!DataInstruments.OperationDuration.Enabled)
        {
            return;
        }

        var known = new TagList { tags.System, tags.Namespace, tags.Store };
        if (_summary.Operation is not null)
        {
            known.Add(DataInstruments.OperationTag, _summary.Operation);
        }

        if (_summary.Collection is not null)
        {
            known.Add(DataInstruments.CollectionTag, _summary.Collection);
        }

        if (_summary.Summary.Length > 0)
        {
            known.Add(DataInstruments.SummaryTag, _summary.Summary);
        }

        if (_error is not null)
        {
            known.Add(DataInstruments.ErrorTag, TypeOf(_error));
            if (_error is LsmException { SqlState: { } state })
            {
                known.Add(DataInstruments.StatusTag, state);
            }
        }

        TelemetryRelay.Record(DataInstruments.OperationDuration, duration.TotalSeconds, known);
    }
}
