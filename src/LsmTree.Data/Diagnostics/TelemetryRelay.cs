using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LsmTree.Data.Diagnostics;

/// <summary>Passes measurements and spans on to whoever listens. What a listener throws is dropped: it is not the outcome of the statement, which is done.</summary>
internal static class TelemetryRelay
{
    public static void Record(Histogram<double> instrument, double value, in TagList tags)
    {
        try
        {
            instrument.Record(value, tags);
        }
        catch (Exception)
        {
            // Somebody else's code.
        }
    }

    /// <summary>Starts a span; null when nobody wants it, or somebody threw.</summary>
    public static Activity? Start(string name, DateTimeOffset began, IEnumerable<KeyValuePair<string, object?>> tags)
    {
        var before = Activity.Current;
        try
        {
            return DataInstruments.Activities.StartActivity(ActivityKind.Client, default, tags, null, began, name);
        }
        catch (Exception)
        {
            Activity.Current = before; // it may have been started all the same, and nobody would end it
            return null;
        }
    }

    public static void End(Activity activity)
    {
        try
        {
            activity.Dispose();
        }
        catch (Exception)
        {
            if (ReferenceEquals(Activity.Current, activity))
            {
                Activity.Current = activity.Parent;
            }
        }
    }
}
