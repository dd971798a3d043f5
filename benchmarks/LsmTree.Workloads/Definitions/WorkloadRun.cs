using LsmTree.Workloads.Loops;
using LsmTree.Workloads.Measuring;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Definitions;

/// <summary>Runs workloads: a warm-up on a small store, then the workload itself from the state it starts from.</summary>
internal sealed class WorkloadRun : IDisposable
{
    private readonly WorkloadSettings _settings;
    private readonly Stage _stage;

    public WorkloadRun(WorkloadSettings settings)
    {
        _settings = settings;
        _stage = new Stage(settings);
    }

    public WorkloadResult Measure(Workload workload)
    {
        WarmUp.Run(workload, _settings);
        var context = _stage.Prepare(workload.Start);
        if (workload.Writes)
        {
            _stage.MarkChanged();
        }

        return Measure(workload, context);
    }

    public void Dispose() => _stage.Dispose();

    private WorkloadResult Measure(Workload workload, WorkloadContext context)
    {
        var workers = workload.CreateWorkers(context);
        var companion = workload.CreateCompanion?.Invoke(context);
        try
        {
            using var loop = new OperationLoop(workers, LoopOf(workload), companion);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var operations = _settings.Operations ?? workload.DefaultOperations(_settings);
            var storeBefore = context.Store.GetStatistics();
            var processBefore = ProcessUsage.Now();
            var figures = loop.Run(0, operations);
            var process = ProcessUsage.Now().Since(processBefore);
            var liveKeys = (workload.Start == StartState.Empty ? 0 : context.Keys) + workers.Sum(static worker => worker.KeysAdded);
            var store = StoreWork.Between(storeBefore, context.Store.GetStatistics(), figures.Operations, liveKeys * _settings.EntryBytes);
            var perSecond = workload.Unit == "entries" ? figures.EntriesPerSecond : figures.OperationsPerSecond;
            return new WorkloadResult(workload.Name, workload.Unit, workers.Count, perSecond, figures, loop.CompanionFigures, store, process);
        }
        finally
        {
            workers.ForEach(static worker => worker.End());
            companion?.End();
        }
    }

    private LoopSettings LoopOf(Workload workload) => new(
        _settings.Rate is null ? _settings.TimeOneIn ?? workload.DefaultTimeOneIn : 1,
        _settings.MaxSeconds,
        _settings.Rate);
}
