using LsmTree.Storage.Files;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Compactions;

/// <summary>Where the tables of a job go, and how they are made.</summary>
/// <param name="Files">The disk.</param>
/// <param name="Directory">The directory of the store.</param>
/// <param name="StoreId">The identity of the store.</param>
/// <param name="NextNumber">Draws the number of the next file.</param>
/// <param name="Settings">How tables are written.</param>
/// <param name="Health">Stops writes when the directory cannot be synced; null where nobody writes yet.</param>
internal sealed record TableDestination(IFileSystem Files, string Directory, ulong StoreId, Func<ulong> NextNumber, TableSettings Settings, StoreHealth? Health = null)
{
    /// <summary>Makes the names of new tables durable. When that fails, names are in doubt that others have created, and that are called durable already or will be: logs, other tables.</summary>
    public void SyncNames()
    {
        try
        {
            Files.SyncDirectory(Directory);
        }
        catch (DirectoryNotSyncedException error)
        {
            Health?.Fail(error);
            throw;
        }
    }
}
