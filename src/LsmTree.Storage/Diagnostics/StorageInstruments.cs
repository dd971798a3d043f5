using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LsmTree.Storage.Diagnostics;

/// <summary>What the engine tells metrics and traces: one meter and one activity source for the process, both named <see cref="Name"/>.</summary>
/// <remarks>
/// <para>There is one set of instruments, and each measurement carries the store it is about (<see cref="StoreTag"/>). A meter for each store would be
/// simpler here and worse for whoever listens: collectors treat instruments of one name as one, and end it when the first of them goes.</para>
/// <para>Nothing is computed when nobody listens. Gauges are asked for by the listener; the others are looked at (<see cref="Instrument.Enabled"/>, a
/// field) before the clock is read.</para>
/// <para>Names follow OpenTelemetry's rules: units are not part of a name, times are seconds.</para>
/// </remarks>
internal static class StorageInstruments
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "LsmTree.Storage";

    /// <summary>Which store a measurement is about.</summary>
    public const string StoreTag = "lsmtree.store";

    public const string LevelTag = "lsmtree.level";
    public const string ResultTag = "lsmtree.result";
    public const string KindTag = "lsmtree.kind";
    public const string DurabilityTag = "lsmtree.durability";

    // From a commit to the page cache to one that waits for a slow disk, in seconds.
    private static readonly InstrumentAdvice<double> s_commitTimes = new()
    {
        HistogramBucketBoundaries = [0.000_001, 0.000_002, 0.000_005, 0.000_01, 0.000_05, 0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    };

    private static readonly InstrumentAdvice<double> s_jobTimes = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300],
    };

    // 64 KiB to 4 GiB.
    private static readonly InstrumentAdvice<long> s_jobSizes = new()
    {
        HistogramBucketBoundaries = [1L << 16, 1L << 18, 1L << 20, 1L << 22, 1L << 24, 1L << 26, 1L << 28, 1L << 30, 1L << 32],
    };

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter s_meter = new(Name);

    public static readonly Histogram<double> CommitDuration =
        s_meter.CreateHistogram("lsmtree.commit.duration", "s", "Time of a commit, waiting for room and for its fsync included.", null, s_commitTimes);

    public static readonly Histogram<double> LogSyncDuration =
        s_meter.CreateHistogram("lsmtree.log.sync.duration", "s", "Time of one sync of the log, which all commits that wait for it share.", null, s_commitTimes);

    public static readonly Histogram<double> JobDuration =
        s_meter.CreateHistogram("lsmtree.job.duration", "s", "Time of a recovery, flush or compaction.", null, s_jobTimes);

    public static readonly Histogram<long> JobSize =
        s_meter.CreateHistogram("lsmtree.job.written", "By", "Bytes of table files that a flush or compaction wrote.", null, s_jobSizes);

    /// <summary>The stores that gauges tell of.</summary>
    public static OpenStores Stores { get; } = new();

    static StorageInstruments() => StoreGauges.Create(s_meter, Stores);
}
