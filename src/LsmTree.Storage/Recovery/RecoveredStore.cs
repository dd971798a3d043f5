using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Recovery;

/// <summary>What recovery hands to the store: the locked directory, its version, and (read-only) what the logs hold.</summary>
internal sealed class RecoveredStore : IDisposable
{
    private readonly IDisposable? _directoryLock;

    public RecoveredStore(IFileSystem files, string directory, string displayName, VersionSet versions, BlockCache cache, ChunkStock chunks, Memtable memtable, ulong lastSequence, IDisposable? directoryLock)
    {
        Files = files;
        Directory = directory;
        DisplayName = displayName;
        Versions = versions;
        Cache = cache;
        Chunks = chunks;
        Memtable = memtable;
        LastSequence = lastSequence;
        _directoryLock = directoryLock;
    }

    public IFileSystem Files { get; }

    public string Directory { get; }

    /// <summary>The directory as messages name it.</summary>
    public string DisplayName { get; }

    public VersionSet Versions { get; }

    public BlockCache Cache { get; }

    /// <summary>Where memtables get their memory.</summary>
    public ChunkStock Chunks { get; }

    /// <summary>The first memtable: empty, or, read-only, what the logs hold.</summary>
    public Memtable Memtable { get; }

    /// <summary>The newest sequence number found.</summary>
    public ulong LastSequence { get; }

    /// <summary>Entries that only the logs held.</summary>
    public required long ReplayedEntries { get; init; }

    /// <summary>Lets the directory go.</summary>
    public void Dispose()
    {
        Versions.Dispose();
        foreach (var table in Versions.Current.Tables)
        {
            table.Close();
        }

        Cache.Dispose();
        _directoryLock?.Dispose();
    }
}
