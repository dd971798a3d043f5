using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Logs;

/// <summary>A file seen through a buffer: any stretch of it as a span, read in large pieces.</summary>
internal sealed class LogWindow : IDisposable
{
    private const int BufferBytes = 64 << 10; // 64 KiB

    private readonly IReadFile _file;
    private byte[] _buffer;
    private long _start;
    private int _held;

    public LogWindow(IReadFile file)
    {
        _file = file;
        _buffer = new byte[Math.Min(BufferBytes, file.Length)];
    }

    public string Path => _file.Path;

    public long Length => _file.Length;

    /// <summary>
    /// The bytes from <paramref name="offset"/>: <paramref name="count"/> of them, or fewer at the end of the file. Valid until the next call.
    /// The buffer grows to <paramref name="count"/>, but never beyond the file.
    /// </summary>
    public ReadOnlySpan<byte> Peek(long offset, long count)
    {
        var wanted = (int)Math.Clamp(Length - offset, 0, count);
        if (offset < _start || offset + wanted > _start + _held)
        {
            if (wanted > _buffer.Length)
            {
                _buffer = new byte[wanted];
            }

            _held = 0; // a failed read leaves nothing behind
            _held = _file.Read(offset, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, Length - offset)));
            _start = offset;
        }

        var within = (int)(offset - _start);
        return _buffer.AsSpan(within, Math.Min(wanted, _held - within));
    }

    /// <summary>The checksum of a stretch of any length, without holding more than a buffer of it.</summary>
    public uint Checksum(long offset, long count)
    {
        var checksum = 0U;
        while (count > 0)
        {
            var bytes = Peek(offset, Math.Min(count, BufferBytes));
            if (bytes.IsEmpty)
            {
                break;
            }

            checksum = Crc32C.Append(checksum, bytes);
            offset += bytes.Length;
            count -= bytes.Length;
        }

        return checksum;
    }

    /// <summary>The first offset from <paramref name="offset"/> whose byte is not zero, or the file's length.</summary>
    public long SkipZeros(long offset)
    {
        while (true)
        {
            var bytes = Peek(offset, BufferBytes);
            if (bytes.IsEmpty)
            {
                return Length;
            }

            var index = bytes.IndexOfAnyExcept((byte)0);
            if (index >= 0)
            {
                return offset + index;
            }

            offset += bytes.Length;
        }
    }

    public void Dispose() => _file.Dispose();
}
