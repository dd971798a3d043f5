using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Commits;

/// <summary>Sees to it that the manifest names a format which covers what is about to be written. The first time costs a synced edit, later a comparison.</summary>
internal sealed class FormatRatchet
{
    private readonly VersionSet _versions;
    private readonly StoreHealth _health;

    public FormatRatchet(VersionSet versions, StoreHealth health)
    {
        _versions = versions;
        _health = health;
    }

    /// <summary>Returns when the manifest says durably that the store is at least of <paramref name="format"/>.</summary>
    /// <exception cref="StoreFullException">The disk is full; the format is as it was.</exception>
    /// <exception cref="IOException">The manifest could not be written; the store takes no more writes.</exception>
    public void Require(uint format)
    {
        if (_versions.Format >= format)
        {
            return;
        }

        _health.ThrowIfFailed();
        try
        {
            _versions.Apply(new VersionEdit { FormatVersion = format });
        }
        catch (Exception error) when (StoreHealth.LeavesDoubt(error))
        {
            // As for any other edit: whether it is on the disk is unknown, so none may follow it.
            _health.Fail(error);
            throw;
        }
    }
}
