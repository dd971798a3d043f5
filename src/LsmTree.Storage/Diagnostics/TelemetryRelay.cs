using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LsmTree.Storage.Diagnostics;

/// <summary>Passes measurements and activities on to whoever listens, and keeps their errors away from the store.</summary>
/// <remarks>
/// Listeners are called on the thread that did the work: a commit that is visible, a sync that others wait for, a flush whose table is in force. What a
/// listener throws must neither end these nor be taken for their outcome.
/// </remarks>
internal sealed class TelemetryRelay
{
    /// <summary>Raised when a listener has thrown, on its thread. Must not throw.</summary>
    public event Action? ListenerFailed;

    public void Record<T>(Histogram<T> instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) where T : struct
    {
        try
        {
            instrument.Record(value, tags);
        }
        catch (Exception)
        {
            ListenerFailed?.Invoke();
        }
    }

    /// <summary>Starts an activity; null when nobody wants it, or somebody threw.</summary>
    public Activity? Start(string name)
    {
        var before = Activity.Current;
        try
        {
            return StorageInstruments.Activities.StartActivity(name);
        }
        catch (Exception)
        {
            Activity.Current = before; // it may have been started all the same, and nobody would end it
            ListenerFailed?.Invoke();
            return null;
        }
    }

    /// <summary>Ends an activity.</summary>
    /// <param name="activity">What <see cref="Start"/> gave.</param>
    /// <param name="before">The activity of this thread before that.</param>
    public void End(Activity activity, Activity? before)
    {
        try
        {
            activity.Dispose();
        }
        catch (Exception)
        {
            Activity.Current = before;
            ListenerFailed?.Invoke();
        }
    }
}
