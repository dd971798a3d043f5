using System.Runtime.InteropServices;

namespace LsmTree.Storage.Memory;

/// <summary>One thread's mark that it is reading (<see cref="ReadSection"/>). Written by its thread alone, looked at by <see cref="GracePeriod"/>.</summary>
/// <remarks>On cache lines of its own: a write to it, which every read makes, disturbs nobody.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 3 * CacheLine)]
internal sealed class ReaderSlot
{
    private const int CacheLine = 64;

    [FieldOffset(CacheLine)]
    private int _depth;

    [FieldOffset(CacheLine + sizeof(int))]
    private bool _isAwaited;

    /// <summary>Set before <see cref="GracePeriod"/> looks whether the thread is reading: it shall come and look when it leaves its section.</summary>
    public bool IsAwaited
    {
        get => Volatile.Read(ref _isAwaited);
        set => Volatile.Write(ref _isAwaited, value);
    }

    /// <summary>Whether the thread is in a section.</summary>
    public bool IsReading => Volatile.Read(ref _depth) != 0;

    public void Enter() => Volatile.Write(ref _depth, _depth + 1);

    /// <summary>Leaves; true when the thread is in no section any more.</summary>
    public bool Leave()
    {
        var depth = _depth - 1;
        Volatile.Write(ref _depth, depth);
        return depth == 0;
    }
}
