namespace LsmTree.Storage.Files;

/// <summary>A <see cref="MemoryFile"/> open for appending. Nothing is reserved or buffered: memory is at hand.</summary>
internal sealed class MemoryAppendFile(string path, MemoryFile file) : IAppendFile
{
    private volatile bool _closed;

    public string Path { get; } = path;

    public long Position => file.Length;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_closed)
        {
            throw new InvalidOperationException($"{Path} is finished; nothing can be appended.");
        }

        file.Append(bytes);
    }

    public void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Append(first);
        Append(second);
    }

    /// <summary>Memory is as durable as it will ever be.</summary>
    public void Sync()
    {
    }

    public void Finish() => _closed = true;

    public void Dispose() => _closed = true;
}
