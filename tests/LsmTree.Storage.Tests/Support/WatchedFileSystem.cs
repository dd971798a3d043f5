using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Support;

/// <summary>Another file system, and a word before each file is opened for reading: what another process does at that moment.</summary>
internal sealed class WatchedFileSystem(IFileSystem files, Action<string> beforeOpenRead) : IFileSystem
{
    public string Canonicalize(string path) => files.Canonicalize(path);

    public bool FileExists(string path) => files.FileExists(path);

    public bool DirectoryExists(string path) => files.DirectoryExists(path);

    public void CreateDirectory(string path) => files.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => files.List(directory);

    public IReadFile OpenRead(string path)
    {
        beforeOpenRead(path);
        return files.OpenRead(path);
    }

    public IAppendFile CreateAppend(string path, AppendSettings settings) => files.CreateAppend(path, settings);

    public void Rename(string from, string to) => files.Rename(from, to);

    public void Delete(string path) => files.Delete(path);

    public void SyncDirectory(string directory) => files.SyncDirectory(directory);

    public bool TryHardLink(string existing, string link) => files.TryHardLink(existing, link);

    public IDisposable Lock(string path, string holder) => files.Lock(path, holder);

    public long FreeBytes(string directory) => files.FreeBytes(directory);
}
