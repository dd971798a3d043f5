using LsmTree.Data.Schemas;
using LsmTree.Storage;

namespace LsmTree.Data.Sessions;

/// <summary>Where a transaction stood when something began that succeeds or fails as one.</summary>
/// <param name="Position">Which edits were made before.</param>
/// <param name="Catalogue">The tables at that moment.</param>
/// <param name="Savepoints">The savepoints at that moment.</param>
internal readonly record struct TransactionUnit(StoreSavepoint Position, Catalogue Catalogue, NamedSavepoint[] Savepoints);
