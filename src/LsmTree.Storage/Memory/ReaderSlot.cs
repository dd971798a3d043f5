using System.Runtime.InteropServices;

namespace LsmTree.Storage.Memory;

/// <summary>One thread's mark that it is reading (<see cref="ReadSection"/>). Written by its thread alone, looked at by <see cref="GracePeriod"/>.</summary>
/// <remarks>On cache lines of its own: a write to it, which every read makes, disturbs nobody.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 3 * CacheLine)]
internal sealed class ReaderSlot
{
    private const int CacheLine = 64;

    /// <summary>The low half of the state counts sections inside each other, the high half those that have ended.</summary>
    private const int VisitShift = 32;

    [FieldOffset(CacheLine)]
    private long _state;

    [FieldOffset(CacheLine + sizeof(long))]
    private bool _isAwaited;

    /// <summary>Set before <see cref="GracePeriod"/> looks whether the thread is reading: it shall look again when it leaves its section.</summary>
    public bool IsAwaited
    {
        get => Volatile.Read(ref _isAwaited);
        set => Volatile.Write(ref _isAwaited, value);
    }

    /// <summary>The section that the thread is in; 0 when it is in none.</summary>
    public long Visit
    {
        get
        {
            var state = Volatile.Read(ref _state);
            return (int)state == 0 ? 0 : (state >>> VisitShift) + 1;
        }
    }

    public void Enter() => Volatile.Write(ref _state, _state + 1);

    /// <summary>Leaves; true when the thread is in no section any more.</summary>
    public bool Leave()
    {
        var state = _state - 1;
        var isOut = (int)state == 0;
        Volatile.Write(ref _state, isOut ? state + (1L << VisitShift) : state);
        return isOut;
    }
}
