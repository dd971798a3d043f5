using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Support;

/// <summary>A file that grows in a <see cref="FaultyFileSystem"/>. What a buffer holds has not reached the file system, and dies with the process.</summary>
internal sealed class FaultyAppendFile : IAppendFile
{
    private const int FirstPieceBytes = 64 << 10;

    private readonly FaultyFileSystem _files;
    private readonly FaultyNode _node;
    private readonly AppendSettings _settings;
    private readonly List<byte> _held = [];
    private long _position;
    private bool _finished;

    public FaultyAppendFile(FaultyFileSystem files, string path, FaultyNode node, AppendSettings settings)
    {
        _files = files;
        _node = node;
        _settings = settings;
        Path = path;
        Reserve();
    }

    public string Path { get; }

    public long Position => Volatile.Read(ref _position);

    public void Append(ReadOnlySpan<byte> bytes) => Append(bytes, []);

    public void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (_finished)
        {
            throw new InvalidOperationException($"{Path} is finished; nothing can be appended.");
        }

        byte[] bytes = [.. first, .. second];
        var bufferBytes = _settings.Mapped ? 0 : _settings.BufferBytes;
        if (_held.Count + bytes.Length > bufferBytes)
        {
            WriteHeld();
        }

        if (bytes.Length <= bufferBytes)
        {
            _held.AddRange(bytes);
        }
        else
        {
            _files.Write(this, _node, _position, bytes);
            Reserve();
        }

        Volatile.Write(ref _position, _position + bytes.Length);
    }

    public void Sync()
    {
        WriteHeld();
        _files.Sync(this, _node);
    }

    public void Finish()
    {
        WriteHeld();
        _files.Finish(this, _node);
        _finished = true;
    }

    public void Dispose()
    {
        _finished = true;
        _files.Close(this);
    }

    private void WriteHeld()
    {
        if (_held.Count > 0)
        {
            _files.Write(this, _node, _position - _held.Count, [.. _held]);
            _held.Clear();
        }
    }

    private void Reserve()
    {
        if (_settings.Mapped)
        {
            _node.Reserve((_node.Written / FirstPieceBytes + 1) * FirstPieceBytes);
        }
    }
}
