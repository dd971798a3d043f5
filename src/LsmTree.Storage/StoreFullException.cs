namespace LsmTree.Storage;

/// <summary>The disk is full. The write was refused and is not there; writes resume by themselves when space returns.</summary>
public sealed class StoreFullException : StoreException
{
    /// <summary>Describes a full disk.</summary>
    /// <param name="message">What needed how much space, and where.</param>
    /// <param name="inner">The operating system's error.</param>
    public StoreFullException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
