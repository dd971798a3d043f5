namespace LsmTree.Storage;

/// <summary>What holds a moment of a store.</summary>
public enum ReaderKind
{
    /// <summary>A <see cref="LsmTree.Storage.Snapshot"/>.</summary>
    Snapshot,

    /// <summary>A <see cref="StoreTransaction"/>.</summary>
    Transaction,

    /// <summary>A <see cref="StoreCursor"/>, of the store or of a transaction.</summary>
    Cursor,
}
