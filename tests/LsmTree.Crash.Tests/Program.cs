using LsmTree.Crash.Tests.Children;
using LsmTree.Crash.Tests.Lanes;
using LsmTree.Crash.Tests.Writers;

namespace LsmTree.Crash.Tests;

/// <summary>Two doors to one set of proofs: xunit's, through which <c>dotnet test</c> comes, and the command's, for lanes and replays. And one for the child process of a test.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args)
    {
        if (args is ["--server", ..] or ["--internal-msbuild-node", ..] || args.Contains("--server") || args.Contains("--internal-msbuild-node"))
        {
            return Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        }

        if (BusyWriter.IsMeant(args))
        {
            return Task.FromResult(BusyWriter.Run(args[1]));
        }

        if (WriterProgram.IsMeant(args))
        {
            return Task.FromResult(WriterProgram.Run(args));
        }

        return ProofCommand.IsMeant(args) ? Task.FromResult(ProofCommand.Run(args)) : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
    }
}
