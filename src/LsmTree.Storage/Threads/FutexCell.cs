using System.Runtime.InteropServices;

namespace LsmTree.Storage.Threads;

/// <summary>A <see cref="WaitCell"/> on Linux: one system call to sleep, and one to wake any number of threads (futex(2), FUTEX_WAIT and FUTEX_WAKE).</summary>
internal sealed unsafe partial class FutexCell : WaitCell
{
    private const int WaitPrivate = 128; // FUTEX_WAIT | FUTEX_PRIVATE_FLAG
    private const int WakePrivate = 129; // FUTEX_WAKE | FUTEX_PRIVATE_FLAG
    private const int LineInts = 16; // a cache line of its own

    private static readonly nint s_call = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        _ => 0,
    };

    private readonly int[] _line = GC.AllocateArray<int>(2 * LineInts, pinned: true);
    private readonly int* _number;

    public FutexCell()
    {
        _number = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(_line, LineInts);
    }

    /// <summary>False on other systems, and where a sandbox refuses the call.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && s_call != 0 && new FutexCell().TryWake(1);

    public override int Current => Volatile.Read(ref *_number);

    public override void WaitWhile(int seen)
    {
        // Errors are early ends: the number has changed already (EAGAIN), or a signal came (EINTR).
        if (Current == seen)
        {
            Call(s_call, _number, WaitPrivate, seen, 0);
        }

        GC.KeepAlive(_line);
    }

    public override void Change() => Interlocked.Increment(ref *_number);

    public override void WakeOne() => TryWake(1);

    public override void WakeAll() => TryWake(int.MaxValue);

    private bool TryWake(int count)
    {
        var woken = Call(s_call, _number, WakePrivate, count, 0);
        GC.KeepAlive(_line);
        return woken >= 0;
    }

    /// <summary>syscall(2), which is variadic in C; every ABI of the two architectures passes integers alike.</summary>
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, int* address, int operation, int value, nint timeout);
}
