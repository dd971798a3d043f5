using System.Diagnostics.CodeAnalysis;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Views;

/// <summary>The first error that may not be retried, latched: from then on writes throw it and reads go on.</summary>
/// <remarks>A failed write or fsync of the log or the manifest leaves open what is on the disk; a retry that succeeds would prove nothing.</remarks>
internal sealed class StoreHealth
{
    private Exception? _failure;

    /// <summary>Raised once, when the first error is latched, by whoever met it: who waits must look again. Must not block.</summary>
    public event Action? Failed;

    /// <summary>The first error; null while the store is well.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    public bool IsFailed => Failure is not null;

    /// <summary>Latches <paramref name="failure"/> unless something else failed first.</summary>
    public void Fail(Exception failure)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is null)
        {
            Failed?.Invoke();
        }
    }

    /// <summary>Whether <paramref name="error"/>, of a step that was to be made durable, leaves open whether it was. Want of space or of a file handle says that it was not begun.</summary>
    public static bool LeavesDoubt(Exception error) => error is (IOException or StoreException) and not (StoreFullException or FileNotOpenedException);

    public void ThrowIfFailed()
    {
        if (Failure is { } failure)
        {
            Throw(failure);
        }
    }

    [DoesNotReturn]
    private static void Throw(Exception failure) =>
        throw new StoreFailedException($"The store stopped taking writes after an error: {failure.Message} Reads go on; close the store and open it again once the cause is gone.", failure);
}
