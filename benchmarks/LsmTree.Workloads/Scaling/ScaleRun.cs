using System.Diagnostics;
using LsmTree.Storage;
using LsmTree.Workloads.Definitions;
using LsmTree.Workloads.Loops;
using LsmTree.Workloads.Measuring;
using LsmTree.Workloads.Numbers;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Scaling;

/// <summary>Fills a store step by step, overwrites as much again, then reads, and takes a sample after each step: how cost grows with size.</summary>
/// <remarks>The store works on in the background from one phase to the next, as it would for a user: reads begin while compactions of the overwrites end.</remarks>
internal static class ScaleRun
{
    private const long MaxReads = 2_000_000;

    /// <summary>Runs all phases.</summary>
    /// <param name="settings">The settings; <see cref="WorkloadSettings.Operations"/> is the number of overwrites, by default as many as keys. A time limit ends the overwrites, and the reads, after the step that reaches it.</param>
    /// <param name="steps">Samples in each phase, from 1.</param>
    /// <param name="progress">Is told each sample.</param>
    /// <param name="time">Dates the report.</param>
    public static ScaleReport Run(WorkloadSettings settings, int steps, Action<ScaleSample> progress, TimeProvider time)
    {
        WarmUp.Run(WorkloadCatalogue.Find("fillrandom")!, settings);
        WarmUp.Run(WorkloadCatalogue.Find("readrandom")!, settings);
        using var stage = new Stage(settings);
        var context = stage.Prepare(StartState.Empty);
        var samples = new List<ScaleSample>();
        var started = Stopwatch.GetTimestamp();
        foreach (var phase in Enum.GetValues<ScalePhase>())
        {
            var operations = OperationsOf(phase, settings);
            var workers = CreateWorkers(phase, context);
            var phaseStarted = Stopwatch.GetTimestamp();
            for (var step = 0; step < Math.Min(steps, operations); step++)
            {
                var before = context.Store.GetStatistics();
                using var loop = new OperationLoop(workers, new LoopSettings(settings.TimeOneIn ?? 1, Rate: settings.Rate));
                var figures = loop.Run(StartOf(step, steps, operations), StartOf(step + 1, steps, operations));
                var sample = Take(phase, context, figures, before, samples.LastOrDefault()?.OperationsSoFar ?? 0, started);
                samples.Add(sample);
                progress(sample);
                if (IsOver(phase, phaseStarted, settings))
                {
                    break;
                }
            }

            workers.ForEach(static worker => worker.End());
        }

        return new ScaleReport(Machine.Current(time), settings, samples);
    }

    /// <summary>Whether a phase has had its time. The load goes on: the others need every key.</summary>
    private static bool IsOver(ScalePhase phase, long started, WorkloadSettings settings) =>
        phase != ScalePhase.Load && settings.MaxSeconds is { } seconds && Stopwatch.GetElapsedTime(started).TotalSeconds >= seconds;

    private static long StartOf(int step, int steps, long operations)
    {
        var count = Math.Min(steps, operations);
        return (long)((Int128)operations * step / count);
    }

    private static long OperationsOf(ScalePhase phase, WorkloadSettings settings) => phase switch
    {
        ScalePhase.Load => settings.Keys,
        ScalePhase.Overwrite => settings.Operations ?? settings.Keys,
        _ => Math.Min(settings.Keys, MaxReads),
    };

    private static List<Worker> CreateWorkers(ScalePhase phase, WorkloadContext context) =>
        [.. Enumerable.Range(0, context.Settings.Threads).Select(thread => CreateWorker(phase, context, thread))];

    private static Worker CreateWorker(ScalePhase phase, WorkloadContext context, int thread)
    {
        // Each phase draws other keys: reads in the order of the overwrites would end with what is still in the memtable.
        var random = new UniformKeys(context.Keys, context.CreateRandom(((int)phase * context.Settings.Threads) + thread));
        return phase switch
        {
            ScalePhase.Load => new PutWorker(context, context.Order.At, adds: true),
            ScalePhase.Overwrite => new PutWorker(context, _ => random.Next(), adds: false),
            _ => new GetWorker(context, random),
        };
    }

    private static ScaleSample Take(ScalePhase phase, WorkloadContext context, LoopFigures figures, StoreStatistics before, long operationsBefore, long started)
    {
        var now = context.Store.GetStatistics();
        var written = now.LogBytesWritten + now.FlushBytesWritten + now.CompactionBytesWritten;
        var operations = operationsBefore + figures.Operations;
        var liveBytes = Math.Min(operations, context.Keys) * context.Settings.EntryBytes;
        return new ScaleSample(
            phase,
            operations,
            Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3),
            Math.Round(figures.OperationsPerSecond, 1),
            figures.Latency,
            Math.Round((double)written / Math.Max(1, now.BytesWritten), 3),
            Math.Round((double)(now.TableBytes + now.LogBytes) / liveBytes, 3),
            Environment.WorkingSet,
            GC.GetTotalMemory(forceFullCollection: false),
            now.BlockCacheBytes,
            now.MemtableBytes,
            now.TableBytes,
            now.CompactionDebtBytes,
            Math.Round(now.StallTime.TotalSeconds, 3),
            Math.Round((double)(now.BlockCacheMisses - before.BlockCacheMisses) / Math.Max(1, figures.Operations), 3),
            GC.CollectionCount(2));
    }
}
