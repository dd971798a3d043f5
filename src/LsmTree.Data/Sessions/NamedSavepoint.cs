using LsmTree.Data.Schemas;
using LsmTree.Storage;

namespace LsmTree.Data.Sessions;

/// <summary>A savepoint of a transaction.</summary>
/// <param name="Name">Its name, as it was written.</param>
/// <param name="Position">Which edits were made before it.</param>
/// <param name="Catalogue">The tables at that moment.</param>
internal readonly record struct NamedSavepoint(string Name, StoreSavepoint Position, Catalogue Catalogue);
