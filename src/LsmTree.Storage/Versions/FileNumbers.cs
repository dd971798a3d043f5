namespace LsmTree.Storage.Versions;

/// <summary>Numbers for new files, rising, each given out once in the life of the store. Thread-safe.</summary>
/// <remarks>
/// After a crash the next number is above both what the manifest has recorded and every file in the directory, orphans included: a number may
/// have been given to a file whose edit was never recorded, and a new file must not be taken for it.
/// </remarks>
internal sealed class FileNumbers
{
    /// <summary>No file has a number above this; a file name that claims one does not come from a store.</summary>
    public const ulong MaxNumber = 1UL << 56;

    private ulong _next;

    public FileNumbers(ulong next)
    {
        ArgumentOutOfRangeException.ThrowIfZero(next);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(next, MaxNumber);
        _next = next;
    }

    /// <summary>The number that the next call of <see cref="Next"/> gives: every number given out so far is below it.</summary>
    public ulong Upcoming => Volatile.Read(ref _next);

    public ulong Next()
    {
        var number = Interlocked.Increment(ref _next) - 1;
        return number < MaxNumber ? number : throw new InvalidOperationException("The store has used up its file numbers.");
    }
}
