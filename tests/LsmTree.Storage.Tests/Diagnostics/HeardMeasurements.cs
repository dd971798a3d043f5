using System.Diagnostics.Metrics;

namespace LsmTree.Storage.Tests.Diagnostics;

/// <summary>What the meter says about one store, by instrument.</summary>
internal sealed class HeardMeasurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Value, Dictionary<string, object?> Tags)> _heard = [];
    private readonly Lock _gate = new();

    public HeardMeasurements()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "LsmTree.Storage")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Asks the gauges, after forgetting what they said before.</summary>
    public void Ask()
    {
        lock (_gate)
        {
            _heard.Clear();
        }

        _listener.RecordObservableInstruments();
    }

    /// <summary>The values of an instrument about a store that carry the given tag, in order.</summary>
    public double[] Of(string store, string instrument, string? tag = null, object? value = null)
    {
        lock (_gate)
        {
            return [.. _heard
                .Where(heard => heard.Instrument == instrument && Equals(heard.Tags["lsmtree.store"], store) && (tag is null || Equals(heard.Tags.GetValueOrDefault(tag), value)))
                .Select(static heard => heard.Value)];
        }
    }

    /// <summary>The instruments that have said something about a store.</summary>
    public string[] InstrumentsOf(string store)
    {
        lock (_gate)
        {
            return [.. _heard.Where(heard => Equals(heard.Tags["lsmtree.store"], store)).Select(static heard => heard.Instrument).Distinct().Order(StringComparer.Ordinal)];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var copy = new Dictionary<string, object?>(tags.ToArray());
        lock (_gate)
        {
            _heard.Add((instrument.Name, value, copy));
        }
    }
}
