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

    public void Dispose()
    {
        if (!_view.IsClosed)
        {
            _view.ReleasePointer();
            _view.Dispose();
        }
    }
}
