namespace LsmTree.Storage;

/// <summary>A position in a transaction's edits, from <see cref="StoreTransaction.CreateSavepoint"/>.</summary>
/// <param name="Position">Edits made before the savepoint.</param>
public readonly record struct StoreSavepoint(int Position);
