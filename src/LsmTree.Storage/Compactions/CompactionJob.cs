using LsmTree.Storage.Cursors;
using LsmTree.Storage.Files;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Compactions;

/// <summary>Carries out a <see cref="CompactionPlan"/>.</summary>
internal sealed class CompactionJob
{
    private readonly TableDestination _destination;
    private readonly LevelSettings _levels;

    /// <summary>Compacts in <paramref name="directory"/>.</summary>
    public CompactionJob(IFileSystem files, string directory, ulong storeId, FileNumbers numbers, TableSettings settings, LevelSettings levels, StoreHealth? health = null)
    {
        _destination = new TableDestination(files, directory, storeId, numbers.Next, settings, health);
        _levels = levels;
    }

    /// <summary>
    /// Merges the inputs, or does nothing for a plan that needs no merging. The outputs are durable when it returns; the caller applies the edit.
    /// When it throws, it has removed what it wrote.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="version">The version that the plan was made for.</param>
    /// <param name="snapshots">The sequence numbers of all snapshots, ascending, read after the plan was made.</param>
    /// <param name="expiredUpTo">What expires at or before this moment has expired for everybody; by default nothing has.</param>
    /// <param name="onBytes">Told now and then how many bytes of the inputs have been merged, roughly; null for nobody.</param>
    /// <param name="cancellationToken">Looked at every few hundred entries.</param>
    /// <exception cref="CorruptionException">An input is damaged, or does not hold as many entries as the manifest says.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public JobResult Run(CompactionPlan plan, Version version, ulong[] snapshots, long expiredUpTo = long.MinValue, Action<long>? onBytes = null, CancellationToken cancellationToken = default) => plan.Kind switch
    {
        CompactionKind.DropCovered => new JobResult(new VersionEdit { Removed = plan.Removed }, 0, 0, 0, 0),
        CompactionKind.Move => new JobResult(EditOf(plan, plan.Tables.Select(static table => table.Info)), 0, 0, 0, 0),
        CompactionKind.Merge => Merge(plan, version, snapshots, expiredUpTo, onBytes, cancellationToken),
        _ => throw new InvalidOperationException($"There is no way to carry out a plan of kind {plan.Kind}."),
    };

    private JobResult Merge(CompactionPlan plan, Version version, ulong[] snapshots, long expiredUpTo, Action<long>? onBytes, CancellationToken cancellationToken)
    {
        var tombstones = RangeTombstoneList.From([.. plan.Tables.SelectMany(static table => table.RangeTombstones.Fragments())]);
        var rule = new ObsoleteEntries(snapshots, tombstones, OlderData.Outside(version, plan), SequenceZeroing.AtTheBottom, expiredUpTo);
        var grandparents = plan.OutputLevel < Version.LastLevel ? version.Overlapping(plan.OutputLevel + 1, plan.Range) : [];
        var destination = _destination with { Settings = _levels.TablesOf(plan.OutputLevel, _destination.Settings) };
        using var output = TableOutput.ManyTables(destination, rule.SurvivingTombstones, grandparents, _levels, plan.InputBytes);
        using var entries = new MergingCursor([.. plan.Inputs.SelectMany(CursorsOver)]);
        (long, string) expected = (plan.Tables.Sum(static table => table.Info.EntryCount), string.Join(", ", plan.Tables.Select(static table => table.Path)));
        var inputBytes = plan.InputBytes;
        Action<long>? onRead = onBytes is null ? null : read => onBytes((long)((double)inputBytes * read / Math.Max(expected.Item1, 1)));
        var (tables, read, written) = MergePass.Run(entries, expected, rule, output, onRead, cancellationToken);
        return new JobResult(EditOf(plan, tables), inputBytes, tables.Sum(static table => table.FileBytes), read, written);
    }

    private static IEnumerable<ICursor> CursorsOver(CompactionInput input) => input.Level == 0
        ? input.Tables.Select(static table => table.Open().CreateCursor(fillCache: false))
        : [new LevelCursor(input.Tables, fillCache: false)];

    private static VersionEdit EditOf(CompactionPlan plan, IEnumerable<TableInfo> outputs) => new()
    {
        Removed = plan.Removed,
        Added = [.. outputs.Select(table => new AddedTable(plan.OutputLevel, table))],
    };
}
