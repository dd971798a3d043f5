using LsmTree.Data;
using LsmTree.Data.Sessions;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Connections;

/// <summary>A data source whose store lies on <see cref="GuardedFiles"/>.</summary>
internal sealed class GuardedStore : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("lsmtree-guarded-"); // that the provider finds a directory; the files are elsewhere

    public GuardedStore(SimFileSystem? disk = null, string? directory = null)
    {
        Path = directory ?? System.IO.Path.Combine(_root.FullName, "store");
        Directory.CreateDirectory(Path);
        Files = new GuardedFiles(disk ?? new SimFileSystem());
        Registry = new StoreRegistry(TimeProvider.System, (path, options) => LsmStore.OpenOn(Files, path, null, options));
        Source = new LsmDataSource(ConnectionSettings.Parse($"Data Source={Path}"), null, Registry);
    }

    public string Path { get; }

    public GuardedFiles Files { get; }

    public StoreRegistry Registry { get; }

    public LsmDataSource Source { get; }

    /// <summary>Every fsync of a log fails from now on.</summary>
    public void BreakDevice() => Files.BeforeLogSync = static () => throw new IOException("Sync of a log failed: EIO (error 5).", 5);

    public void Dispose()
    {
        Source.Dispose();
        Registry.CloseIdle(null);
        _root.Delete(recursive: true);
    }
}
