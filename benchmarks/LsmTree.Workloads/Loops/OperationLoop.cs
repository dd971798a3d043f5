using System.Diagnostics;
using LsmTree.Workloads.Measuring;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Loops;

/// <summary>Runs operations of a workload on as many threads as it has workers, and adds up what they did. Used once.</summary>
/// <remarks>Everything that it needs is allocated when it is created, so that what is allocated while it runs is the store's and the workers'.</remarks>
internal sealed class OperationLoop : IDisposable
{
    private readonly IReadOnlyList<Worker> _workers;
    private readonly Worker? _companion;
    private readonly LoopThread[] _loops;
    private readonly LoopThread? _companionLoop;
    private readonly Barrier _starter;

    /// <param name="workers">One for each thread.</param>
    /// <param name="settings">How the threads run.</param>
    /// <param name="companion">Works on one more thread until the others are done; null for nobody.</param>
    public OperationLoop(IReadOnlyList<Worker> workers, LoopSettings settings, Worker? companion = null)
    {
        _workers = workers;
        _companion = companion;
        _loops = [.. workers.Select(worker => new LoopThread(worker, settings))];
        _companionLoop = companion is null ? null : new LoopThread(companion, new LoopSettings());
        _starter = new Barrier(workers.Count + (companion is null ? 0 : 1) + 1);
    }

    /// <summary>What the companion did; null when there was none.</summary>
    public LoopFigures? CompanionFigures { get; private set; }

    /// <summary>Does the operations [<paramref name="from"/>, <paramref name="to"/>), dealt out to the workers in turn.</summary>
    /// <exception cref="AggregateException">A worker failed.</exception>
    public LoopFigures Run(long from, long to)
    {
        var entriesBefore = _workers.Sum(static worker => worker.Entries);
        var bytesBefore = _workers.Sum(static worker => worker.Bytes);
        var background = _companionLoop is null ? null : StartThread(() => _companionLoop.Run(0, long.MaxValue, 1));
        var tasks = _loops.Select((loop, thread) => StartThread(() => loop.Run(from + thread, to, _loops.Length))).ToArray();
        _starter.SignalAndWait();
        try
        {
            Task.WaitAll(tasks);
        }
        finally
        {
            _companionLoop?.Stop();
            background?.Wait();
        }

        CompanionFigures = _companionLoop is null ? null : Sum([_companionLoop], _companion!.Entries, _companion.Bytes);
        return Sum(_loops, _workers.Sum(static worker => worker.Entries) - entriesBefore, _workers.Sum(static worker => worker.Bytes) - bytesBefore);
    }

    public void Dispose() => _starter.Dispose();

    private Task StartThread(Action run) => Task.Factory.StartNew(
        () =>
        {
            _starter.SignalAndWait();
            var isDone = false;
            try
            {
                run();
                isDone = true;
            }
            finally
            {
                if (!isDone)
                {
                    StopAll(); // The failure is told when all have ended; nobody needs the rest of the figures.
                }
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private void StopAll()
    {
        foreach (var loop in _loops)
        {
            loop.Stop();
        }

        _companionLoop?.Stop();
    }

    private static LoopFigures Sum(LoopThread[] loops, long entries, long bytes)
    {
        var latency = loops[0].Latency;
        foreach (var loop in loops.Skip(1))
        {
            latency.Add(loop.Latency);
        }

        var seconds = Math.Max(0, loops.Max(static loop => loop.EndedAt) - loops.Min(static loop => loop.StartedAt)) / (double)Stopwatch.Frequency;
        return new LoopFigures(loops.Sum(static loop => loop.Operations), entries, bytes, seconds, LatencySummary.Of(latency));
    }
}
