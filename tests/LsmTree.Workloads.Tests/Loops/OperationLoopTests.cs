using LsmTree.Storage;
using LsmTree.Workloads.Loops;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Tests.Loops;

public sealed class OperationLoopTests : IDisposable
{
    private readonly LsmStore _store = LsmStore.OpenInMemory();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Every_operation_is_done_once_whatever_the_threads(int threads)
    {
        var workers = Enumerable.Range(0, threads).Select(_ => new NotingWorker(Context())).ToList();
        using var loop = new OperationLoop(workers, new LoopSettings());

        var figures = loop.Run(10, 110);

        Assert.Equal(100, figures.Operations);
        Assert.Equal(Enumerable.Range(10, 100).Select(static index => (long)index), workers.SelectMany(static worker => worker.Done).Order());
    }

    [Fact]
    public void One_operation_in_so_many_is_timed()
    {
        using var loop = new OperationLoop([new NotingWorker(Context())], new LoopSettings(TimeOneIn: 10));

        var figures = loop.Run(0, 1_000);

        Assert.Equal(1_000, figures.Operations);
        Assert.Equal(100, figures.Latency.Samples);
    }

    [Fact]
    public void At_a_rate_an_operation_that_waited_for_a_slow_one_is_slow_too()
    {
        // The first operation takes as long as five are apart: those due meanwhile waited for it.
        using var loop = new OperationLoop([new NotingWorker(Context()) { SlowIndex = 0, SlowFor = TimeSpan.FromMilliseconds(50) }], new LoopSettings(Rate: 100));

        var figures = loop.Run(0, 6);

        Assert.Equal(6, figures.Operations);
        Assert.True(figures.Seconds >= 0.049, $"Six operations a hundredth of a second apart took {figures.Seconds} s.");
        Assert.True(figures.Latency.P50 >= 10_000, $"The median latency was {figures.Latency.P50} µs.");
    }

    [Fact]
    public void A_failure_of_one_thread_ends_them_all_and_is_told()
    {
        var workers = new[] { new NotingWorker(Context()), new NotingWorker(Context()) { FailingIndex = 101 } };
        using var loop = new OperationLoop(workers, new LoopSettings(), new NotingWorker(Context()));

        var error = Assert.Throws<AggregateException>(() => loop.Run(0, long.MaxValue / 2));

        Assert.Equal("operation 101", Assert.IsType<InvalidDataException>(error.InnerException).Message);
    }

    private WorkloadContext Context() => new(_store, new WorkloadSettings(), 1);

    private sealed class NotingWorker(WorkloadContext context) : Worker(context)
    {
        private const int MostNotes = 10_000;

        public List<long> Done { get; } = [];

        public long FailingIndex { get; init; } = -1;

        public long SlowIndex { get; init; } = -1;

        public TimeSpan SlowFor { get; init; }

        public override void Do(long index)
        {
            if (index == FailingIndex)
            {
                throw new InvalidDataException($"operation {index}");
            }

            if (index == SlowIndex)
            {
                Thread.Sleep(SlowFor);
            }

            if (Done.Count < MostNotes)
            {
                Done.Add(index);
            }
        }
    }
}
