using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Fuzzing;

/// <summary>A disk on which every name is one and the same file, which can only be read.</summary>
internal sealed class OneFile(byte[] bytes) : IFileSystem
{
    public string Canonicalize(string path) => path;

    public bool FileExists(string path) => true;

    public bool DirectoryExists(string path) => true;

    public IReadFile OpenRead(string path) => new OneReadFile(path, bytes);

    public IReadOnlyList<string> List(string directory) => [];

    public void CreateDirectory(string path) => throw Refusal();

    public IAppendFile CreateAppend(string path, AppendSettings settings) => throw Refusal();

    public void Rename(string from, string to) => throw Refusal();

    public void Delete(string path) => throw Refusal();

    public void SyncDirectory(string directory) => throw Refusal();

    public bool TryHardLink(string existing, string link) => throw Refusal();

    public IDisposable Lock(string path, string holder) => throw Refusal();

    public long FreeBytes(string directory) => 0;

    private static FuzzException Refusal() => new("a reader writes");
}
