using System.Diagnostics.Metrics;

namespace LsmTree.Data.Tests.Diagnostics;

/// <summary>What the provider's histogram says about one store.</summary>
internal sealed class HeardDurations : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(double Seconds, Dictionary<string, object?> Tags)> _heard = [];
    private readonly string _store;

    public HeardDurations(string store)
    {
        _store = store;
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "LsmTree.Data", Name: "db.client.operation.duration" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            var copy = new Dictionary<string, object?>(tags.ToArray());
            lock (_heard)
            {
                _heard.Add((value, copy));
            }
        });
        _listener.Start();
    }

    public (double Seconds, Dictionary<string, object?> Tags)[] All
    {
        get
        {
            lock (_heard)
            {
                return [.. _heard.Where(heard => Equals(heard.Tags["lsmtree.store"], _store))];
            }
        }
    }

    public void Dispose() => _listener.Dispose();
}
