using System.Globalization;

namespace LsmTree.Storage.Tests.Support;

/// <summary>A directory of the real disk that goes with the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    private static int s_number;

    public TemporaryDirectory()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"lsmtree-{Environment.ProcessId}-{Interlocked.Increment(ref s_number)}");
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), name);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
