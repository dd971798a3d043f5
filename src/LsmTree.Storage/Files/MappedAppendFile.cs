#pragma warning disable RS0030 // the Files floor is the substitute
using Microsoft.Win32.SafeHandles;

namespace LsmTree.Storage.Files;

/// <summary>A file of the disk that grows by memory copies into a map of reserved space: an append without a system call.</summary>
/// <remarks>
/// <code>
/// 0            64 KiB         192 KiB              448 KiB
/// | released   | released     | mapped piece ..... |
///                                    ^ Position    ^ length of the file; zeros between the two
/// </code>
/// <para>The map is shared with the page cache, so that the copy is, like a write, safe from the death of the process.</para>
/// <para>Invariants: (1) every byte below the file's length is reserved; (2) <see cref="Position"/> lies in the mapped piece or at its end;
/// (3) the next piece is reserved and mapped before the first byte of an append is copied, so that a full disk changes nothing.</para>
/// <para>Where the file system cannot reserve, or a map is refused, the rest of the file is written positionally.</para>
/// </remarks>
internal sealed unsafe class MappedAppendFile : IAppendFile
{
    private const int FirstPieceBytes = 64 << 10; // 64 KiB: a store that writes little reserves little
    private const int DefaultGrowthBytes = 4 << 20; // 4 MiB: one growth in some 30,000 small records

    private readonly SafeFileHandle _handle;
    private readonly int _growthBytes;
    private int _nextPieceBytes = FirstPieceBytes;
    private MappedPiece? _piece;
    private byte* _next;
    private byte* _limit;
    private long _reserved;
    private long _position;
    private DiskAppendFile? _positional; // once set, all that follows is appended there
    private bool _finished;
    private volatile bool _syncFailed;

    private MappedAppendFile(string path, SafeFileHandle handle, int growthBytes)
    {
        Path = path;
        _handle = handle;
        _growthBytes = growthBytes == 0 ? DefaultGrowthBytes : Math.Max(growthBytes, FirstPieceBytes);
    }

    public string Path { get; }

    public long Position => Volatile.Read(ref _position);

    /// <summary>True once the file has fallen back to positional writes.</summary>
    public bool IsPositional => _positional is not null;

    /// <summary>Takes an empty file, open for reading and writing, and reserves its first piece: a full disk is met here and not later.</summary>
    public static MappedAppendFile Create(string path, SafeFileHandle handle, int growthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(growthBytes);
        var file = new MappedAppendFile(path, handle, growthBytes);
        file.Grow(0);
        return file;
    }

    public void Append(ReadOnlySpan<byte> bytes) => Append(bytes, []);

    public void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var total = (long)first.Length + second.Length;
        if (total > _limit - _next)
        {
            AppendBeyondPiece(first, second);
            return;
        }

        first.CopyTo(new Span<byte>(_next, first.Length));
        second.CopyTo(new Span<byte>(_next + first.Length, second.Length));
        _next += total;
        Volatile.Write(ref _position, _position + total);
    }

    public void Sync()
    {
        if (_syncFailed)
        {
            throw new IOException($"fsync of {Path} failed before; another one would prove nothing.");
        }

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
        ReleasePiece();
        _finished = true;
        CutTo(_position);
    }

    public void Dispose()
    {
        ReleasePiece();
        _handle.Dispose();
    }

    private void AppendBeyondPiece(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        if (_finished)
        {
            throw new InvalidOperationException($"{Path} is finished; nothing can be appended.");
        }

        var total = (long)first.Length + second.Length;
        var room = _limit - _next;
        var full = _piece;
        var tail = _next;
        if (_positional is null)
        {
            Grow(total - room);
        }

        if (_positional is not null)
        {
            ReleasePiece();
            _positional.Append(first, second);
        }
        else
        {
            Split(first, ref tail, ref room);
            Split(second, ref tail, ref room);
            full?.Dispose();
        }

        Volatile.Write(ref _position, _position + total);
    }

    /// <summary>Copies to the end of the old piece what fits there, and the rest to the new one.</summary>
    private void Split(ReadOnlySpan<byte> bytes, ref byte* tail, ref long room)
    {
        var fits = (int)Math.Min(room, bytes.Length);
        bytes[..fits].CopyTo(new Span<byte>(tail, fits));
        tail += fits;
        room -= fits;
        bytes[fits..].CopyTo(new Span<byte>(_next, bytes.Length - fits));
        _next += bytes.Length - fits;
    }

    /// <summary>Makes a new piece of at least <paramref name="needed"/> bytes the current one, or turns positional. The old piece is the caller's to release.</summary>
    private void Grow(long needed)
    {
        if (_reserved == 0 && !SpaceReservation.HoldsOn(_handle))
        {
            TurnPositional();
            return;
        }

        var smallest = Math.Max(1, (needed + FirstPieceBytes - 1) / FirstPieceBytes) * FirstPieceBytes;
        var length = Math.Max(_nextPieceBytes, smallest);
        if (!TryReserve(ref length, smallest))
        {
            TurnPositional();
            return;
        }

        try
        {
            var piece = MappedPiece.Map(_handle, _reserved, length);
            _piece = piece;
            _next = piece.Start;
            _limit = piece.Start + piece.Length;
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            TurnPositional(); // no address space or no permission to map: the bytes can still be written
        }

        _reserved += length;
        _nextPieceBytes = Math.Min(_growthBytes, _nextPieceBytes * 2);
    }

    /// <summary>Reserves <paramref name="length"/> bytes more, or, on a disk nearly full, the <paramref name="smallest"/> piece that will do.</summary>
    private bool TryReserve(ref long length, long smallest)
    {
        while (true)
        {
            try
            {
                return SpaceReservation.TryReserve(_handle, Path, _reserved, length);
            }
            catch (StoreFullException)
            {
                CutTo(_reserved); // a reservation that failed half-way keeps what it got
                if (length == smallest)
                {
                    throw;
                }

                length = smallest;
            }
        }
    }

    private void TurnPositional() => _positional = new DiskAppendFile(Path, _handle, _position, bufferBytes: 0);

    private void ReleasePiece()
    {
        _next = null;
        _limit = null;
        _piece?.Dispose();
        _piece = null;
    }

    private void CutTo(long length)
    {
        try
        {
            RandomAccess.SetLength(_handle, length);
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DiskError.FromException(error, $"cutting to {length} bytes", Path);
        }
    }
}
