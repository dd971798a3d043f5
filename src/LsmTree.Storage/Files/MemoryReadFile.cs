namespace LsmTree.Storage.Files;

/// <summary>A <see cref="MemoryFile"/> open for reading.</summary>
internal sealed class MemoryReadFile : IReadFile
{
    private readonly MemoryFile _file;
    private volatile bool _disposed;

    public MemoryReadFile(string path, MemoryFile file)
    {
        Path = path;
        _file = file;
        Length = file.Length;
    }

    public string Path { get; }

    public long Length { get; }

    public int Read(long offset, Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _file.Read(offset, buffer);
    }

    public void Dispose() => _disposed = true;
}
