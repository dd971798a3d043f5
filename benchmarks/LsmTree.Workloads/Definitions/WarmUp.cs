using System.Runtime;
using LsmTree.Workloads.Loops;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Definitions;

/// <summary>Runs a workload on a small store of its own until the just-in-time compiler has nothing more to do for it.</summary>
/// <remarks>A fixed time would not do: the compiler works in the background, and on a busy machine its second, optimizing pass may come seconds later.</remarks>
internal static class WarmUp
{
    private const long Keys = 20_000;
    private const int MostRounds = 10;

    /// <summary>Repeats rounds of <see cref="WorkloadSettings.WarmUpSeconds"/> until one passes in which nothing was compiled, ten times at most.</summary>
    public static void Run(Workload workload, WorkloadSettings settings)
    {
        if (settings.WarmUpSeconds <= 0)
        {
            return;
        }

        var small = settings with { Keys = Math.Min(settings.Keys, Keys) };
        using var stage = new Stage(small);
        var workers = workload.CreateWorkers(stage.Prepare(workload.Start));
        long compiled;
        var rounds = 0;
        do
        {
            compiled = JitInfo.GetCompiledMethodCount();
            using var loop = new OperationLoop(workers, new LoopSettings(MaxSeconds: settings.WarmUpSeconds));
            loop.Run(0, long.MaxValue / 2);
        }
        while (JitInfo.GetCompiledMethodCount() != compiled && ++rounds < MostRounds);
        workers.ForEach(static worker => worker.End());
    }
}
