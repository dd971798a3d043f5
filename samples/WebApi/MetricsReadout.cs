using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace WebApiSample;

/// <summary>The metrics of the store as text, without a collector. A real service uses OpenTelemetry: AddMeter("LsmTree.Data", "LsmTree.Storage").</summary>
internal sealed class MetricsReadout : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _latest = new();
    private readonly ConcurrentDictionary<string, (long Count, double Sum)> _histograms = new();

    public MetricsReadout()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name is "LsmTree.Data" or "LsmTree.Storage")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public string Read()
    {
        _listener.RecordObservableInstruments();
        var lines = _latest.Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}"))
            .Concat(_histograms.Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} count={pair.Value.Count} mean={pair.Value.Sum / pair.Value.Count:G4}")));
        return string.Join('\n', lines.Order(StringComparer.Ordinal)) + "\n";
    }

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = $"{instrument.Name}{{{string.Join(',', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))}}}";
        if (instrument.IsObservable)
        {
            _latest[name] = value;
        }
        else
        {
            _histograms.AddOrUpdate(name, (1, value), (_, known) => (known.Count + 1, known.Sum + value));
        }
    }
}
