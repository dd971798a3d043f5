using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Files;

/// <summary>A file system with an empty directory of its own, made anew for each test.</summary>
internal sealed class FileSystemUnderTest : IDisposable
{
    private readonly TemporaryDirectory? _temporary;

    private FileSystemUnderTest(IFileSystem files, string directory, TemporaryDirectory? temporary)
    {
        Files = files;
        Directory = directory;
        _temporary = temporary;
    }

    /// <summary>The names that <see cref="Create"/> takes, for theories.</summary>
    public static TheoryData<string> All => ["disk", "memory", "faulty"];

    public IFileSystem Files { get; }

    public string Directory { get; }

    public static FileSystemUnderTest Create(string name)
    {
        if (name == "disk")
        {
            var temporary = new TemporaryDirectory();
            return new FileSystemUnderTest(new DiskFileSystem(), temporary.Path, temporary);
        }

        IFileSystem files = name == "memory" ? new MemoryFileSystem() : new FaultyFileSystem();
        var directory = Path.Combine(Path.GetTempPath(), "store");
        files.CreateDirectory(directory);
        return new FileSystemUnderTest(files, directory, null);
    }

    public string File(string name) => Path.Combine(Directory, name);

    public void Dispose() => _temporary?.Dispose();
}
