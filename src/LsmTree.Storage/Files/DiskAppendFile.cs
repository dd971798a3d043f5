#pragma warning disable RS0030 // the Files floor is the substitute
using LsmTree.Storage.Bytes;
using Microsoft.Win32.SafeHandles;

namespace LsmTree.Storage.Files;

/// <summary>A file of the disk that grows by positional writes, through a buffer of its own when asked for one.</summary>
/// <remarks>
/// <see cref="Position"/> moves only after everything of an append has been written or buffered, and what is buffered stays so until its
/// write has succeeded. Hence a full disk leaves the file as it was before the append, and the same call may be made again.
/// </remarks>
internal sealed class DiskAppendFile : IAppendFile
{
    // Two spans of up to this many bytes together go out in one system call; above it a second call costs less than the copy.
    private const int GatherBytes = 16 << 10; // 16 KiB

    private readonly SafeFileHandle _handle;
    private readonly int _bufferBytes;
    private readonly ByteBuffer? _held; // null for a file without a buffer
    private readonly byte[] _gathered;
    private long _written;
    private long _position;
    private volatile bool _syncFailed;
    private bool _finished;

    /// <summary>Takes ownership of <paramref name="handle"/>; the first append goes to <paramref name="position"/>.</summary>
    public DiskAppendFile(string path, SafeFileHandle handle, long position, int bufferBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bufferBytes);
        Path = path;
        _handle = handle;
        _written = position;
        _position = position;
        _bufferBytes = bufferBytes > 0 ? bufferBytes : GatherBytes;
        _held = bufferBytes > 0 ? new ByteBuffer() : null;
        _gathered = bufferBytes > 0 ? [] : new byte[GatherBytes];
    }

    public string Path { get; }

    public long Position => Volatile.Read(ref _position);

    public void Append(ReadOnlySpan<byte> bytes) => Append(bytes, []);

    public void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        if (_finished)
        {
            throw new InvalidOperationException($"{Path} is finished; nothing can be appended.");
        }

        var total = (long)first.Length + second.Length;
        if (_held is not null && total > _bufferBytes - _held.Length)
        {
            WriteHeld();
        }

        if (total > _bufferBytes)
        {
            WriteAt(_written, first);
            WriteAt(_written + first.Length, second);
            _written += total;
        }
        else if (_held is not null)
        {
            _held.Append(first);
            _held.Append(second);
        }
        else
        {
            first.CopyTo(_gathered);
            second.CopyTo(_gathered.AsSpan(first.Length));
            WriteAt(_written, _gathered.AsSpan(0, (int)total));
            _written += total;
        }

        Volatile.Write(ref _position, _position + total);
    }

    public void Sync()
    {
        if (_syncFailed)
        {
            throw new IOException($"fsync of {Path} failed before; another one would prove nothing.");
        }

        WriteHeld();
        try
        {
            DiskSync.File(_handle, Path);
        }
        catch
        {
            _syncFailed = true;
            throw;
        }
    }

    public void Finish()
    {
        WriteHeld();
        _finished = true;
    }

    public void Dispose()
    {
        _handle.Dispose();
        _held?.Dispose();
    }

    private void WriteHeld()
    {
        if (_held is null or { Length: 0 })
        {
            return;
        }

        WriteAt(_written, _held.Written);
        _written += _held.Length;
        _held.Clear();
    }

    private void WriteAt(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            var translated = DiskError.FromException(error, $"writing {bytes.Length} bytes at {offset}", Path);
            if (translated is StoreFullException)
            {
                // What fitted must go: it would lie behind the end that Position tells.
                Cut();
            }

            throw translated;
        }
    }

    private void Cut()
    {
        try
        {
            RandomAccess.SetLength(_handle, _written);
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DiskError.FromException(error, $"cutting to {_written} bytes", Path);
        }
    }
}
