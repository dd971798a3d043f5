namespace LsmTree.Storage.Logs;

/// <summary>Why a log has no further record. What to do about it depends on which log it is, and is the caller's to decide.</summary>
/// <param name="Offset">Where the records that were read end, in bytes from the start of the file; a trailer is behind it.</param>
internal abstract record LogEnd(long Offset)
{
    /// <summary>The trailer follows, and nothing after it: the log was closed and is complete.</summary>
    internal sealed record Closed(long Offset) : LogEnd(Offset);

    /// <summary>Nothing follows, or only zeros: the log was in use and ends after a whole record, as far as can be told.</summary>
    internal sealed record Open(long Offset) : LogEnd(Offset);

    /// <summary>Something follows that was never durable: a crash interrupted its way to the disk.</summary>
    /// <param name="Offset">Where the unfinished record begins.</param>
    /// <param name="Reason">What was found there.</param>
    /// <param name="DiscardedRecords">Whole records behind it that reached the disk before it did, and are lost with it.</param>
    internal sealed record Torn(long Offset, string Reason, int DiscardedRecords) : LogEnd(Offset);

    /// <summary>What follows was durable once, or was changed after it was written.</summary>
    /// <param name="Offset">Where the damaged record begins.</param>
    /// <param name="Expected">What should be there.</param>
    /// <param name="Found">What is there.</param>
    internal sealed record Damaged(long Offset, string Expected, string Found) : LogEnd(Offset);
}
