using LsmTree.Data.Sessions;
using LsmTree.Storage;

namespace LsmTree.Data.Tests.Sessions;

/// <summary>A directory of its own for a test, gone afterwards, and settings to open it.</summary>
internal sealed class StoreFolder : IDisposable
{
    public StoreFolder()
    {
        Root = Directory.CreateTempSubdirectory("lsmtree-sessions-").FullName;
        Path = System.IO.Path.Combine(Root, "store");
    }

    public string Root { get; }

    public string Path { get; }

    public SessionSettings Settings => new(
        Path, InMemory: false, OpenMode.ReadWriteCreate, Durability.Normal, TimeSpan.FromMilliseconds(50), Pooling: false, TimeSpan.Zero, null, null, null);

    public SessionSettings Pooled => Settings with { Pooling = true, EngineIdleTimeout = TimeSpan.FromSeconds(60) };

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
