using System.Diagnostics;
using LsmTree.Storage;
using LsmTree.Workloads.Definitions;
using LsmTree.Workloads.Numbers;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Scaling;

/// <summary>Loads every key, overwrites every key twice, deletes every other one, and then only waits: does the space come back by itself?</summary>
internal static class SpaceRun
{
    private const int SampleEvery = 1 << 16; // operations between two looks at resident memory
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_mostRest = TimeSpan.FromMinutes(5);

    /// <summary>Runs all phases and tells each when it is over.</summary>
    public static void Run(WorkloadSettings settings, Action<SpaceSample> progress)
    {
        using var stage = new Stage(settings);
        var context = stage.Prepare(StartState.Empty);
        stage.MarkChanged();
        var all = settings.Keys * settings.EntryBytes;
        progress(Measure("load", context, all, () => Put(context, settings.Seed, 0)));
        progress(Measure("overwrite", context, all, () => Put(context, settings.Seed + 1, 1)));
        progress(Measure("overwrite", context, all, () => Put(context, settings.Seed + 2, 2)));
        var left = (settings.Keys - ((settings.Keys + 1) / 2)) * settings.EntryBytes;
        progress(Measure("delete half", context, left, () => DeleteHalf(context)));
        progress(Measure("rest", context, left, () => Rest(context.Store)));
    }

    private static SpaceSample Measure(string phase, WorkloadContext context, long liveBytes, Func<long> work)
    {
        var start = Stopwatch.GetTimestamp();
        var resident = work();
        var now = context.Store.GetStatistics();
        return new SpaceSample(
            phase,
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            liveBytes,
            now.TableBytes + now.PinnedTableBytes + now.LogBytes,
            now.WriteAmplification,
            resident);
    }

    private static long Put(WorkloadContext context, ulong seed, long version)
    {
        var order = new Permutation(context.Keys, seed);
        var key = context.KeySpace.CreateKey();
        return ForEach(context.Keys, index =>
        {
            var number = order.At(index);
            context.KeySpace.Write(key, number);
            context.Store.Put(key, context.Values.ValueOf(number + version));
        });
    }

    private static long DeleteHalf(WorkloadContext context)
    {
        var order = new Permutation((context.Keys + 1) / 2, context.Settings.Seed + 3);
        var key = context.KeySpace.CreateKey();
        return ForEach((context.Keys + 1) / 2, index =>
        {
            context.KeySpace.Write(key, order.At(index) * 2);
            context.Store.Delete(key);
        });
    }

    private static long ForEach(long count, Action<long> operation)
    {
        var resident = 0L;
        for (var index = 0L; index < count; index++)
        {
            operation(index);
            if (index % SampleEvery == 0)
            {
                resident = Math.Max(resident, Environment.WorkingSet);
            }
        }

        return resident;
    }

    /// <summary>Waits until the files have stayed as they are for a while.</summary>
    private static long Rest(LsmStore store)
    {
        var resident = 0L;
        var started = Stopwatch.GetTimestamp();
        var lastChange = started;
        var bytes = -1L;
        while (Stopwatch.GetElapsedTime(lastChange) < s_quiet && Stopwatch.GetElapsedTime(started) < s_mostRest)
        {
            Thread.Sleep(s_poll);
            resident = Math.Max(resident, Environment.WorkingSet);
            var now = store.GetStatistics();
            if (now.TableBytes + now.LogBytes + now.CompactionBytesWritten != bytes)
            {
                bytes = now.TableBytes + now.LogBytes + now.CompactionBytesWritten;
                lastChange = Stopwatch.GetTimestamp();
            }
        }

        return resident;
    }
}
