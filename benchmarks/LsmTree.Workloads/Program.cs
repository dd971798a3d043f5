namespace LsmTree.Workloads;

/// <summary>The process. <c>dotnet run -c Release --project benchmarks/LsmTree.Workloads -- fillrandom,readrandom --keys 1M</c></summary>
internal static class Program
{
    private static int Main(string[] args) => CommandLine.Run(args, Console.Out, Console.Error, TimeProvider.System);
}
