using LsmTree.Storage.Memtables;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Maintenance;

/// <summary>The one place where a finished job becomes visible: manifest first, then the view.</summary>
/// <remarks>
/// One job at a time: otherwise the second edit's version, which contains the first's, could be installed before it and then be overwritten.
/// The manifest is written under this gate only; readers and commits take none.
/// </remarks>
internal sealed class VersionInstaller
{
    private readonly VersionSet _versions;
    private readonly ViewCell _views;
    private readonly TableSweep _sweep;
    private readonly StoreHealth _health;
    private readonly Lock _gate = new();

    public VersionInstaller(VersionSet versions, ViewCell views, TableSweep sweep, StoreHealth health)
    {
        _versions = versions;
        _views = views;
        _sweep = sweep;
        _health = health;
    }

    /// <summary>Makes <paramref name="edit"/> durable, then visible.</summary>
    /// <param name="edit">The tables that come and go.</param>
    /// <param name="flushed">The frozen memtable that is now a table; null for a compaction.</param>
    public void Install(VersionEdit edit, FrozenMemtable? flushed = null) => Install(edit, version => _views.Install(version, flushed));

    /// <summary>As the other, for tables that were loaded while nobody writes: they become visible together with <paramref name="fresh"/>, an empty memtable.</summary>
    public void Install(VersionEdit edit, Memtable fresh) => Install(edit, version => _views.Install(version, fresh));

    private void Install(VersionEdit edit, Action<Versions.Version> show)
    {
        lock (_gate)
        {
            _health.ThrowIfFailed();
            Versions.Version version;
            try
            {
                version = _versions.Apply(edit);
            }
            catch (Exception error) when (StoreHealth.LeavesDoubt(error))
            {
                // Whether the edit is on the disk is unknown, so nothing may be deleted and no other edit may follow it. (Without
                // space, or a file for a new manifest, the version set begins one by itself later.)
                _health.Fail(error);
                throw;
            }

            _sweep.Note(version);
            show(version);
        }
    }
}
