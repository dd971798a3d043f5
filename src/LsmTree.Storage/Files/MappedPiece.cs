using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace LsmTree.Storage.Files;

/// <summary>A stretch of a file in memory, for writing.</summary>
/// <remarks>
/// Only the view's handle is kept, because disposing of a <see cref="MemoryMappedViewAccessor"/> calls msync, a synchronous write to the disk
/// that an append cannot wait for. Releasing the handle unmaps and no more: the pages stay in the page cache, dirty, for a later fsync.
/// </remarks>
internal sealed unsafe class MappedPiece : IDisposable
{
    private const int PopulateStepBytes = 64 << 10; // 64 KiB: other threads map and unmap between two steps

    private readonly SafeMemoryMappedViewHandle _view;

    private MappedPiece(SafeMemoryMappedViewHandle view, byte* start, long length)
    {
        _view = view;
        Start = start;
        Length = length;
    }

    public byte* Start { get; }

    /// <summary>Bytes from <see cref="Start"/>.</summary>
    public long Length { get; }

    /// <summary>Maps bytes of a file that exist: reserved, and within its length.</summary>
    public static MappedPiece Map(SafeFileHandle file, long offset, long length)
    {
        using var mapping = MemoryMappedFile.CreateFromFile(
            file, mapName: null, capacity: 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        var accessor = mapping.CreateViewAccessor(offset, length, MemoryMappedFileAccess.ReadWrite);
        byte* start = null;
        accessor.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        return new MappedPiece(accessor.SafeMemoryMappedViewHandle, start + accessor.PointerOffset, length);
    }

    /// <summary>
    /// Brings the pages into memory, writable, so that no store has to wait for one: a fault of a fresh page costs microseconds, the first of a fresh
    /// piece milliseconds. May run beside stores and beside <see cref="Dispose"/>. Kernels that cannot leave it to the faults.
    /// </summary>
    public void Populate()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        for (long done = 0; done < Length; done += PopulateStepBytes)
        {
            var isHeld = false;
            try
            {
                _view.DangerousAddRef(ref isHeld);
                if (PosixCalls.Advise(Start + done, (nuint)Math.Min(PopulateStepBytes, Length - done), PosixCalls.AdvicePopulateWrite) != 0)
                {
                    return;
                }
            }
            catch (ObjectDisposedException)
            {
                return; // filled and released meanwhile
            }
            finally
            {
                if (isHeld)
                {
                    _view.DangerousRelease();
                }
            }
        }
    }

    public void Dispose()
    {
        if (!_view.IsClosed)
        {
            _view.ReleasePointer();
            _view.Dispose();
        }
    }
}
