using LsmTree.Storage.Cursors;
using LsmTree.Storage.Files;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Compactions;

/// <summary>Writes a frozen memtable as a table of level 0.</summary>
internal sealed class FlushJob
{
    private readonly TableDestination _destination;

    /// <summary>Flushes into <paramref name="directory"/>.</summary>
    public FlushJob(IFileSystem files, string directory, ulong storeId, FileNumbers numbers, TableSettings settings, StoreHealth? health = null)
    {
        _destination = new TableDestination(files, directory, storeId, numbers.Next, settings, health);
    }

    /// <summary>
    /// Writes the table and makes it durable. The edit adds it, or nothing when all the memtable held was obsolete; the caller sets the
    /// edit's log number and applies it. When it throws, it has removed what it wrote.
    /// </summary>
    /// <param name="entries">All entries of the memtable.</param>
    /// <param name="tombstones">All its range tombstones.</param>
    /// <param name="snapshots">The sequence numbers of all snapshots, ascending, read after the memtable was frozen.</param>
    /// <param name="below">A version that holds everything older than the memtable, so that tombstones with nothing to hide can go; null keeps them all.</param>
    /// <param name="expiredUpTo">What expires at or before this moment has expired for everybody; by default nothing has.</param>
    /// <param name="cancellationToken">Looked at every few hundred entries.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public JobResult Run(
        ICursor entries, RangeTombstoneList tombstones, ulong[] snapshots, Version? below = null, long expiredUpTo = long.MinValue, CancellationToken cancellationToken = default)
    {
        var older = below is null ? OlderData.Unknown : OlderData.AllOf(below);
        var rule = new ObsoleteEntries(snapshots, tombstones, older, SequenceZeroing.Never, expiredUpTo);
        using var output = TableOutput.OneTable(_destination, rule.SurvivingTombstones);
        var (tables, read, written) = MergePass.Run(entries, expected: null, rule, output, onRead: null, cancellationToken);
        var edit = new VersionEdit { Added = [.. tables.Select(static table => new AddedTable(0, table))] };
        return new JobResult(edit, 0, tables.Sum(static table => table.FileBytes), read, written);
    }
}
