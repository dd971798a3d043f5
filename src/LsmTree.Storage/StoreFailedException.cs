namespace LsmTree.Storage;

/// <summary>
/// An error that may not be retried (a failed write or fsync of the log or the manifest) has stopped writes. Reads go on.
/// </summary>
/// <remarks>
/// The inner exception is the first cause. A write that throws this while it was being committed is there entirely or not at all after the
/// store has been reopened; <see cref="OutcomeUnknown"/> tells such a write from one that was refused before it began.
/// </remarks>
public sealed class StoreFailedException : StoreException
{
    /// <summary>Describes a stopped store.</summary>
    /// <param name="message">What was being done.</param>
    /// <param name="firstCause">The first error, which stopped the store.</param>
    /// <param name="outcomeUnknown">True when the write that throws this may or may not be found after a reopen.</param>
    public StoreFailedException(string message, Exception firstCause, bool outcomeUnknown = false) : base(message, firstCause)
    {
        OutcomeUnknown = outcomeUnknown;
    }

    /// <summary>True when the write that threw may or may not be found after a reopen; false when it was refused before it began.</summary>
    public bool OutcomeUnknown { get; }
}
