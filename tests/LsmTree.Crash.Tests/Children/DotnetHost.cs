using System.Runtime.InteropServices;

namespace LsmTree.Crash.Tests.Children;

/// <summary>The <c>dotnet</c> that runs these tests: three folders above its runtime.</summary>
internal static class DotnetHost
{
    public static string Path { get; } = System.IO.Path.GetFullPath(
        System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
