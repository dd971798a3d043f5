#pragma warning disable RS0030 // the Files floor is the substitute
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
    private readonly byte[] _buffer;
    private readonly bool _buffered;
    private int _held;
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
        _buffered = bufferBytes > 0;
        _buffer = new byte[_buffered ? bufferBytes : GatherBytes];
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
        if (total > _buffer.Length - _held)
        {
            WriteHeld();
        }

        if (total <= _buffer.Length)
        {
            first.CopyTo(_buffer.AsSpan(_held));
            second.CopyTo(_buffer.AsSpan(_held + first.Length));
            if (_buffered)
            {
                _held += (int)total;
            }
            else
            {
                WriteAt(_written, _buffer.AsSpan(0, (int)total));
                _written += total;
            }
        }
        else
        {
            WriteAt(_written, first);
            WriteAt(_written + first.Length, second);
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

    public void Dispose() => _handle.Dispose();

    private void WriteHeld()
    {
        if (_held == 0)
        {
            return;
        }

        WriteAt(_written, _buffer.AsSpan(0, _held));
        _written += _held;
        _held = 0;
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
