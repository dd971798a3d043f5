namespace LsmTree.Cli.Transfers;

/// <summary>Keeps rejected lines byte for byte under the header of their file, so that they can be mended and imported again.</summary>
/// <remarks>The file is made when the first line is rejected: an import without rejects leaves none.</remarks>
internal sealed class RejectFile(string path, byte[] header) : IDisposable
{
    private FileStream? _stream;

    public void Add(ReadOnlySpan<byte> line)
    {
        if (_stream is null)
        {
            _stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
            Write(header);
        }

        Write(line);
    }

    public void Dispose() => _stream?.Dispose();

    private void Write(ReadOnlySpan<byte> line)
    {
        _stream!.Write(line);
        _stream.WriteByte((byte)'\n');
    }
}
