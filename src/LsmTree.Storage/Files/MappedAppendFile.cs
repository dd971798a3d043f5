#pragma warning disable RS0030 // the Files floor is the substitute
using System.Diagnostics;
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
/// <para><see cref="PrepareGrowth"/> makes the next piece ahead, on another thread, and unmaps the last one; an append then only changes over. Where it
/// was not called in time, the append does it. A file that never outgrows its first small piece gets no second.</para>
/// <para>Where the file system cannot reserve, or a map is refused, the rest of the file is written positionally.</para>
/// </remarks>
internal sealed unsafe class MappedAppendFile : IAppendFile
{
    private const int FirstPieceBytes = 64 << 10; // 64 KiB: a store that writes little reserves little
    private const int DefaultGrowthBytes = 4 << 20; // 4 MiB: one growth in some 30,000 small records

    private readonly SafeFileHandle _handle;
    private readonly int _growthBytes;
    private readonly bool _populated;
    private MappedPiece? _piece;
    private byte* _next;
    private byte* _limit;
    private long _position;
    private volatile bool _syncFailed;

    private readonly Lock _growth = new(); // taken by an append only when it leaves a piece
    private int _nextPieceBytes; // guarded by _growth
    private long _reserved; // guarded by _growth
    private MappedPiece? _ahead; // guarded by _growth: the last of what is reserved, not yet appended to
    private MappedPiece? _behind; // guarded by _growth: full
    private DiskAppendFile? _positional; // set under _growth; once set, all that follows is appended there
    private bool _finished; // set under _growth

    private MappedAppendFile(string path, SafeFileHandle handle, AppendSettings settings)
    {
        Path = path;
        _handle = handle;
        _growthBytes = settings.GrowthBytes == 0 ? DefaultGrowthBytes : Math.Max(settings.GrowthBytes, FirstPieceBytes);
        _nextPieceBytes = Math.Clamp(settings.FirstBytes, FirstPieceBytes, _growthBytes) / FirstPieceBytes * FirstPieceBytes;
        _populated = settings.Populated;
    }

    public string Path { get; }

    public long Position => Volatile.Read(ref _position);

    /// <summary>True once the file has fallen back to positional writes.</summary>
    public bool IsPositional => _positional is not null;

    /// <summary>Takes an empty file, open for reading and writing, and reserves its first piece: a full disk is met here and not later.</summary>
    public static MappedAppendFile Create(string path, SafeFileHandle handle, AppendSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(settings.GrowthBytes);
        var file = new MappedAppendFile(path, handle, settings);
        file.Grow(0);
        if (file._populated)
        {
            file._piece?.Populate();
        }

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

    public bool PrepareGrowth()
    {
        MappedPiece? prepared = null;
        MappedPiece? full;
        lock (_growth)
        {
            full = _behind;
            _behind = null;
            var isDue = _ahead is null && _reserved > FirstPieceBytes && _positional is null && !_finished && !_handle.IsClosed;
            if (isDue)
            {
                try
                {
                    prepared = TryMakePieceLocked(_nextPieceBytes);
                    _ahead = prepared;
                }
                catch (StoreFullException)
                {
                    // The append that needs the space tries again, with a smaller piece if need be, and is told.
                }
            }
        }

        full?.Dispose();
        if (_populated)
        {
            prepared?.Populate();
        }

        return prepared is not null || full is not null;
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
        lock (_growth)
        {
            ReleasePieces();
            _finished = true;
            CutTo(_position);
        }
    }

    public void Dispose()
    {
        lock (_growth)
        {
            ReleasePieces();
            _handle.Dispose();
        }
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
            lock (_growth)
            {
                ReleasePieces();
            }

            _positional.Append(first, second);
        }
        else
        {
            Split(first, ref tail, ref room);
            Split(second, ref tail, ref room);
            Retire(full);
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

    /// <summary>Makes a piece of at least <paramref name="needed"/> bytes the current one, or turns positional. The old piece is the caller's to retire.</summary>
    private void Grow(long needed)
    {
        lock (_growth)
        {
            if (_reserved == 0 && !SpaceReservation.HoldsOn(_handle))
            {
                TurnPositional();
                return;
            }

            if (_ahead is { } small && small.Length < needed)
            {
                // An append larger than what was prepared gets one piece for all of it, at the same place.
                small.Dispose();
                _ahead = null;
                _reserved -= small.Length;
            }

            var piece = _ahead ?? TryMakePieceLocked(needed);
            _ahead = null;
            if (piece is null)
            {
                TurnPositional();
                return;
            }

            _piece = piece;
            _next = piece.Start;
            _limit = piece.Start + piece.Length;
        }
    }

    /// <summary>Leaves a full piece to <see cref="PrepareGrowth"/>, or unmaps it if that has not come for the one before.</summary>
    private void Retire(MappedPiece? full)
    {
        MappedPiece? older;
        lock (_growth)
        {
            older = _behind;
            _behind = full;
        }

        older?.Dispose();
    }

    /// <summary>Reserves and maps a piece of at least <paramref name="needed"/> bytes; null when this file system or process cannot: the bytes can still be written.</summary>
    private MappedPiece? TryMakePieceLocked(long needed)
    {
        Debug.Assert(_growth.IsHeldByCurrentThread, "Pieces are made one at a time.");
        var smallest = Math.Max(1, (needed + FirstPieceBytes - 1) / FirstPieceBytes) * FirstPieceBytes;
        var length = Math.Max(_nextPieceBytes, smallest);
        if (!TryReserve(ref length, smallest))
        {
            return null;
        }

        try
        {
            var piece = MappedPiece.Map(_handle, _reserved, length);
            _reserved += length;
            _nextPieceBytes = Math.Min(_growthBytes, _nextPieceBytes * 2);
            return piece;
        }
        catch (SystemException error) when (error is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            return null; // no address space, or no permission to map
        }
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

    private void ReleasePieces()
    {
        Debug.Assert(_growth.IsHeldByCurrentThread, "Pieces are released by one thread.");
        _next = null;
        _limit = null;
        _piece?.Dispose();
        _piece = null;
        _ahead?.Dispose();
        _ahead = null;
        _behind?.Dispose();
        _behind = null;
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
