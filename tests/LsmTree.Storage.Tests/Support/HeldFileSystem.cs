using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Support;

/// <summary>Another file system, with a word before each creation, append, sync (of a directory, too), cut, disposal and listing: the test may hold the caller there.</summary>
internal sealed class HeldFileSystem(IFileSystem files, Action<FileOperation, string> before) : IFileSystem
{
    /// <summary>A word after each append that succeeded; what it throws is what the caller sees of it.</summary>
    public Action<string> AfterAppend { get; set; } = static _ => { };

    /// <summary>What the disk has left; null for what the other file system says.</summary>
    public long? Free { get; set; }

    public string Canonicalize(string path) => files.Canonicalize(path);

    public bool FileExists(string path) => files.FileExists(path);

    public bool DirectoryExists(string path) => files.DirectoryExists(path);

    public void CreateDirectory(string path) => files.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory)
    {
        before(FileOperation.Look, directory);
        return files.List(directory);
    }

    public IReadFile OpenRead(string path) => files.OpenRead(path);

    public IAppendFile CreateAppend(string path, AppendSettings settings)
    {
        before(FileOperation.Create, path);
        return new HeldAppendFile(this, files.CreateAppend(path, settings), before);
    }

    public void Rename(string from, string to) => files.Rename(from, to);

    public void Delete(string path) => files.Delete(path);

    public void SyncDirectory(string directory)
    {
        before(FileOperation.SyncDirectory, directory);
        files.SyncDirectory(directory);
    }

    public bool TryHardLink(string existing, string link) => files.TryHardLink(existing, link);

    public IDisposable Lock(string path, string holder) => files.Lock(path, holder);

    public long FreeBytes(string directory) => Free ?? files.FreeBytes(directory);

    private sealed class HeldAppendFile(HeldFileSystem owner, IAppendFile file, Action<FileOperation, string> before) : IAppendFile
    {
        public string Path => file.Path;

        public long Position => file.Position;

        public void Append(ReadOnlySpan<byte> bytes) => Append(bytes, []);

        public void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
        {
            before(FileOperation.Append, Path);
            file.Append(first, second);
            owner.AfterAppend(Path);
        }

        public void Sync()
        {
            before(FileOperation.Sync, Path);
            file.Sync();
        }

        public void Finish()
        {
            before(FileOperation.Finish, Path);
            file.Finish();
        }

        public void Dispose()
        {
            before(FileOperation.Dispose, Path);
            file.Dispose();
        }
    }
}
