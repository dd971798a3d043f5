using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Tables;

/// <summary>A file that is an array: appended to, then read, with its reads counted.</summary>
internal sealed class InMemoryFile : IAppendFile, IReadFile
{
    private byte[] _bytes;
    private long? _cutFrom;

    public InMemoryFile()
    {
        _bytes = [];
    }

    public InMemoryFile(byte[] bytes)
    {
        _bytes = bytes;
        Position = bytes.Length;
    }

    public string Path { get; init; } = "000007.sst";

    public long Position { get; private set; }

    /// <summary>As when it was opened: <see cref="CutTo"/> does not change it.</summary>
    public long Length => _cutFrom ?? Position;

    public int Reads { get; private set; }

    public bool IsDisposed { get; private set; }

    public byte[] ToArray() => _bytes.AsSpan(0, (int)Position).ToArray();

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Position + bytes.Length > _bytes.Length)
        {
            System.Array.Resize(ref _bytes, (int)Math.Max(Position + bytes.Length, _bytes.Length * 2L));
        }

        bytes.CopyTo(_bytes.AsSpan((int)Position));
        Position += bytes.Length;
    }

    public void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Append(first);
        Append(second);
    }

    public int Read(long offset, Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Reads++;
        var length = (int)Math.Clamp(Position - offset, 0, buffer.Length);
        _bytes.AsSpan((int)Math.Min(offset, Position), length).CopyTo(buffer);
        return length;
    }

    /// <summary>Drops the end of the file behind the back of whoever has it open.</summary>
    public void CutTo(long length)
    {
        _cutFrom ??= Position;
        Position = length;
    }

    public void Sync()
    {
    }

    public void Finish()
    {
    }

    public void Dispose() => IsDisposed = true;
}
