using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Support;

internal sealed class FaultyReadFile : IReadFile
{
    private readonly FaultyFileSystem _files;
    private readonly FaultyNode _node;

    public FaultyReadFile(FaultyFileSystem files, string path, FaultyNode node)
    {
        _files = files;
        _node = node;
        Path = path;
        Length = node.Length;
    }

    public string Path { get; }

    public long Length { get; }

    public int Read(long offset, Span<byte> buffer) => _files.Read(this, _node, offset, buffer);

    public void Dispose() => _files.Close(this);
}
