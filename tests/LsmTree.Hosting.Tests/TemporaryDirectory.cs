using LsmTree.Data;

namespace LsmTree.Hosting.Tests;

/// <summary>A directory that is gone with the test; engines in it are closed first.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lsm-hosting-").FullName;

    public void Dispose()
    {
        LsmConnection.ClearAllPools();
        Directory.Delete(Path, recursive: true);
    }
}
