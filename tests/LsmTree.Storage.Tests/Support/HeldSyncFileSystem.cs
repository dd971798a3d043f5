using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Support;

/// <summary>A file system in memory whose fsync of logs can be held: a disk that takes its time, for as long as the test says.</summary>
internal sealed class HeldSyncFileSystem : IFileSystem, IDisposable
{
    private readonly MemoryFileSystem _files = new();
    private readonly ManualResetEventSlim _mayPass = new(initialState: true);

    /// <summary>Set when an fsync has begun to wait.</summary>
    public ManualResetEventSlim IsWaiting { get; } = new();

    public void Dispose()
    {
        _mayPass.Dispose();
        IsWaiting.Dispose();
    }

    public void Hold() => _mayPass.Reset();

    public void Release() => _mayPass.Set();

    public string Canonicalize(string path) => _files.Canonicalize(path);

    public bool FileExists(string path) => _files.FileExists(path);

    public bool DirectoryExists(string path) => _files.DirectoryExists(path);

    public void CreateDirectory(string path) => _files.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => _files.List(directory);

    public IReadFile OpenRead(string path) => _files.OpenRead(path);

    public IAppendFile CreateAppend(string path, AppendSettings settings)
    {
        var file = _files.CreateAppend(path, settings);
        return path.EndsWith(".log", StringComparison.Ordinal) ? new HeldFile(this, file) : file;
    }

    public void Rename(string from, string to) => _files.Rename(from, to);

    public void Delete(string path) => _files.Delete(path);

    public void SyncDirectory(string directory) => _files.SyncDirectory(directory);

    public bool TryHardLink(string existing, string link) => _files.TryHardLink(existing, link);

    public IDisposable Lock(string path, string holder) => _files.Lock(path, holder);

    public long FreeBytes(string directory) => _files.FreeBytes(directory);

    private sealed class HeldFile(HeldSyncFileSystem owner, IAppendFile file) : IAppendFile
    {
        public string Path => file.Path;

        public long Position => file.Position;

        public void Append(ReadOnlySpan<byte> bytes) => file.Append(bytes);

        public void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => file.Append(first, second);

        public void Sync()
        {
            if (!owner._mayPass.IsSet)
            {
                owner.IsWaiting.Set();
                owner._mayPass.Wait();
            }

            file.Sync();
        }

        public void Finish() => file.Finish();

        public void Dispose() => file.Dispose();
    }
}
