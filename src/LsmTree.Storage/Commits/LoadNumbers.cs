using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Commits;

/// <summary>Sequence numbers from the future, for entries that are written to tables before they are committed (docs/decisions/0008). The commit gate guards it.</summary>
internal sealed class LoadNumbers
{
    /// <summary>How far ahead of all others the numbers lie, and how many a load may use: 2^30. A store has 2^26 times as many.</summary>
    private const ulong Lead = 1UL << 30;

    private ulong _promised;

    /// <summary>The last number of the newest load that is in force; 0 when there was none since the store was opened.</summary>
    public ulong Newest { get; set; }

    /// <summary>Promises 2^30 numbers from the returned one on, until commits, or a load that was begun later, have come as far.</summary>
    /// <exception cref="InvalidOperationException">The store has used up its sequence numbers.</exception>
    public ulong Promise(ulong last)
    {
        var first = Math.Max(last, _promised) + Lead;
        if (first + Lead > Trailer.MaxSequence)
        {
            throw new InvalidOperationException("The store has used up its sequence numbers.");
        }

        _promised = first + Lead - 1;
        return first;
    }
}
