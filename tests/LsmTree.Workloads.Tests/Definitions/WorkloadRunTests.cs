using LsmTree.Workloads.Definitions;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Tests.Definitions;

public sealed class WorkloadRunTests
{
    private static readonly WorkloadSettings s_settings = new() { Keys = 1_000, WarmUpSeconds = 0, TimeOneIn = 1 };

    public static TheoryData<string> Names() => [.. WorkloadCatalogue.All.Select(static workload => workload.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_workload_does_its_operations(string name)
    {
        var workload = WorkloadCatalogue.Find(name)!;
        using var run = new WorkloadRun(s_settings);

        var result = run.Measure(workload);

        Assert.Equal(workload.DefaultOperations(s_settings), result.Figures.Operations);
        Assert.Equal(result.Figures.Operations, result.Figures.Latency.Samples);
        Assert.True(result.PerSecond > 0);
        Assert.InRange(result.Figures.Latency.P50, 0, result.Figures.Latency.Max);
        Assert.Equal(name == "readmissing" ? 0 : 1, Math.Sign(result.Figures.Entries));
        Assert.Equal(workload.CreateCompanion is not null, result.Writer is { Operations: > 0 });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_workload_can_be_shared_by_threads(string name)
    {
        var workload = WorkloadCatalogue.Find(name)!;
        var settings = s_settings with { Threads = 3 };
        using var run = new WorkloadRun(settings);

        var result = run.Measure(workload);

        Assert.Equal(workload.DefaultOperations(settings), result.Figures.Operations);
        Assert.Equal(3, result.Threads);
    }

    [Theory]
    [InlineData("fillseq", 1_000, 116_000)]
    [InlineData("fillrandom", 1_000, 116_000)]
    [InlineData("fillbatch", 1_000, 116_000)]
    [InlineData("readrandom", 1_000, 116_000)]
    [InlineData("readmissing", 0, 0)]
    [InlineData("readseq", 1_000, 116_000)]
    [InlineData("readreverse", 1_000, 116_000)]
    [InlineData("deleterandom", 1_000, 16_000)]
    public void Entries_and_bytes_are_those_that_were_moved(string name, long entries, long bytes)
    {
        using var run = new WorkloadRun(s_settings);

        var figures = run.Measure(WorkloadCatalogue.Find(name)!).Figures;

        Assert.Equal(entries, figures.Entries);
        Assert.Equal(bytes, figures.Bytes);
    }

    [Fact]
    public void Amplification_is_what_the_store_wrote_for_what_it_was_given()
    {
        using var run = new WorkloadRun(s_settings);

        // A log record of one put has a few bytes more than key and value; nothing else was written yet.
        Assert.InRange(run.Measure(WorkloadCatalogue.Find("fillrandom")!).Store.WriteAmplification!.Value, 1.01, 2);
        Assert.Null(run.Measure(WorkloadCatalogue.Find("readrandom")!).Store.WriteAmplification);
        Assert.Null(run.Measure(WorkloadCatalogue.Find("deleterandom")!).Store.SpaceAmplification);
    }

    [Fact]
    public void A_store_on_disk_leaves_nothing_behind()
    {
        var directory = Directory.CreateTempSubdirectory("lsmtree-workloads-").FullName;
        try
        {
            using (var run = new WorkloadRun(s_settings with { Directory = directory }))
            {
                run.Measure(WorkloadCatalogue.Find("fillsync")!);
                Assert.NotEmpty(Directory.GetFileSystemEntries(directory));
                run.Measure(WorkloadCatalogue.Find("overwrite")!);
            }

            Assert.Empty(Directory.GetFileSystemEntries(directory));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_time_limit_ends_a_workload()
    {
        using var run = new WorkloadRun(s_settings with { Operations = long.MaxValue / 2, MaxSeconds = 0.01 });

        Assert.True(run.Measure(WorkloadCatalogue.Find("readrandom")!).Figures.Operations > 0);
    }

    [Fact]
    public void A_reader_finds_the_keys_that_the_stage_has_laid_out()
    {
        using var stage = new Stage(s_settings);
        var context = stage.Prepare(StartState.Loaded);

        var key = context.KeySpace.CreateKey();
        for (var number = 0L; number < s_settings.Keys; number++)
        {
            context.KeySpace.Write(key, number);
            Assert.True(context.Store.TryGet(key, out var value), $"Key {number} is missing.");
            Assert.Equal(context.Values.ValueOf(number).ToArray(), value);
            context.KeySpace.WriteMissing(key, number);
            Assert.False(context.Store.Contains(key));
        }

        // Everything is in tables: what is left of the memtable is its first node.
        Assert.InRange(context.Store.GetStatistics().MemtableBytes, 0, 4_096);
    }

    [Fact]
    public void Readers_share_a_store_and_writers_get_a_new_one()
    {
        using var stage = new Stage(s_settings);
        var first = stage.Prepare(StartState.Loaded).Store;

        Assert.Same(first, stage.Prepare(StartState.Loaded).Store);
        stage.MarkChanged();
        Assert.NotSame(first, stage.Prepare(StartState.Loaded).Store);
        Assert.NotSame(stage.Prepare(StartState.Empty).Store, stage.Prepare(StartState.Empty).Store);
    }

    [Fact]
    public void A_key_that_was_lost_ends_the_run_with_an_error()
    {
        using var stage = new Stage(s_settings);
        var context = stage.Prepare(StartState.Empty);
        var worker = WorkloadCatalogue.Find("readrandom")!.CreateWorker(context, 0);

        Assert.Contains("was lost", Assert.Throws<InvalidDataException>(() => worker.Do(0)).Message, StringComparison.Ordinal);
    }
}
