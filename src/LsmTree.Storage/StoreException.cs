namespace LsmTree.Storage;

/// <summary>The base of what the engine throws when a store, and not the caller, is at fault.</summary>
/// <remarks>Misuse stays <see cref="ArgumentException"/>, <see cref="ObjectDisposedException"/> or <see cref="InvalidOperationException"/>.</remarks>
public abstract class StoreException : Exception
{
    private protected StoreException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <summary>True when the same call may succeed later without anybody's help: a lock, a conflict, a full disk.</summary>
    public virtual bool IsTransient => false;
}
