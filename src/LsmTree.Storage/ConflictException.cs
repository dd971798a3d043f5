namespace LsmTree.Storage;

/// <summary>
/// Another transaction committed first what this one wrote (or, when serializable, read). Nothing of this transaction was written: run it again.
/// </summary>
public sealed class ConflictException : StoreException
{
    /// <summary>Describes a conflict.</summary>
    /// <param name="message">Which key or range, and what to do.</param>
    public ConflictException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
