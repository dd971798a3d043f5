using LsmTree.Storage.Files;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Compactions;

/// <summary>Where the tables of a job go, and how they are made.</summary>
/// <param name="Files">The disk.</param>
/// <param name="Directory">The directory of the store.</param>
/// <param name="StoreId">The identity of the store.</param>
/// <param name="NextNumber">Draws the number of the next file.</param>
/// <param name="Settings">How tables are written.</param>
internal sealed record TableDestination(IFileSystem Files, string Directory, ulong StoreId, Func<ulong> NextNumber, TableSettings Settings);
