namespace LsmTree.Storage;

/// <summary>
/// The edit, or for a serializable transaction the read, would take the transaction beyond <see cref="LsmStoreOptions.TransactionBytes"/>. It was not made;
/// the transaction is as it was, and may be committed or rolled back.
/// </summary>
public sealed class TransactionTooLargeException : StoreException
{
    /// <summary>Describes a transaction at its limit.</summary>
    /// <param name="message">The limit, and what the transaction holds.</param>
    public TransactionTooLargeException(string message) : base(message)
    {
    }
}
