using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace LsmTree.Benchmarks;

/// <summary>Benchmarks of hot paths, a folder for each floor. <c>dotnet run -c Release --project benchmarks/LsmTree.Benchmarks -- --filter '*'</c></summary>
/// <remarks><c>--job dry</c> calls each once, to see that it works; <c>--job short</c> measures quickly and roughly.</remarks>
internal static class Program
{
    private static void Main(string[] args)
    {
        // In this process: the repository's shared output directory is not where generated projects expect theirs. A mutator reaches the
        // jobs of the command line as well.
        var config = DefaultConfig.Instance
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).AsMutator())
            .AddDiagnoser(MemoryDiagnoser.Default);
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
    }
}
