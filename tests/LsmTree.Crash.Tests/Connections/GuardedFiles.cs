using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Connections;

/// <summary>A simulated disk on which every fsync of a log waits at a gate, and fails when it is told to.</summary>
internal sealed class GuardedFiles(SimFileSystem disk) : IFileSystem
{
    /// <summary>Called before each fsync of a log; throws what the fsync is to fail with.</summary>
    public Action BeforeLogSync { get; set; } = static () => { };

    public SimFileSystem Disk => disk;

    public IAppendFile CreateAppend(string path, AppendSettings settings)
    {
        var file = disk.CreateAppend(path, settings);
        return path.EndsWith(".log", StringComparison.Ordinal) ? new GuardedLog(file, this) : file;
    }

    public string Canonicalize(string path) => disk.Canonicalize(path);

    public bool FileExists(string path) => disk.FileExists(path);

    public bool DirectoryExists(string path) => disk.DirectoryExists(path);

    public void CreateDirectory(string path) => disk.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => disk.List(directory);

    public IReadFile OpenRead(string path) => disk.OpenRead(path);

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void Delete(string path) => disk.Delete(path);

    public void SyncDirectory(string directory) => disk.SyncDirectory(directory);

    public bool TryHardLink(string existing, string link) => disk.TryHardLink(existing, link);

    public IDisposable Lock(string path, string holder) => disk.Lock(path, holder);

    public long FreeBytes(string directory) => disk.FreeBytes(directory);

    private sealed class GuardedLog(IAppendFile file, GuardedFiles guard) : IAppendFile
    {
        public string Path => file.Path;

        public long Position => file.Position;

        public void Append(ReadOnlySpan<byte> bytes) => file.Append(bytes);

        public void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => file.Append(first, second);

        public bool PrepareGrowth() => file.PrepareGrowth();

        public void Sync()
        {
            guard.BeforeLogSync();
            file.Sync();
        }

        public void Finish() => file.Finish();

        public void Dispose() => file.Dispose();
    }
}
