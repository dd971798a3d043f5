using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LsmTree.Data.Diagnostics;

/// <summary>What the provider tells metrics and traces, in the words of OpenTelemetry's conventions for database clients.</summary>
/// <remarks>The engine has instruments of its own (LsmTree.Storage). Nothing is computed when nobody listens.</remarks>
internal static class DataInstruments
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "LsmTree.Data";

    /// <summary>The value of db.system.name.</summary>
    public const string System = "lsmtree";

    public const string SystemTag = "db.system.name";
    public const string NamespaceTag = "db.namespace";
    public const string OperationTag = "db.operation.name";
    public const string BatchSizeTag = "db.operation.batch.size";
    public const string CollectionTag = "db.collection.name";
    public const string SummaryTag = "db.query.summary";
    public const string TextTag = "db.query.text";
    public const string StatusTag = "db.response.status_code";
    public const string ErrorTag = "error.type";

    public const string PoolTag = "db.client.connection.pool.name";
    public const string StateTag = "db.client.connection.state";

    /// <summary>Which engine it is about, as the engine's own metrics call it.</summary>
    public const string StoreTag = "lsmtree.store";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter s_meter = new(Name);

    // The bounds that the conventions ask for, in seconds, and three below: here a statement that reads a cached row takes microseconds.
    private static readonly InstrumentAdvice<double> s_times = new()
    {
        HistogramBucketBoundaries = [0.000_001, 0.000_01, 0.000_1, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    };

    public static readonly Histogram<double> OperationDuration =
        s_meter.CreateHistogram("db.client.operation.duration", "s", "Duration of database client operations.", null, s_times);

    /// <summary>Tells how many connections are open, when somebody asks.</summary>
    public static void ObserveConnections(Func<IEnumerable<Measurement<int>>> count) =>
        s_meter.CreateObservableUpDownCounter("db.client.connection.count", count, "{connection}", "Connections that are open now, of each engine that connections can share.");
}
