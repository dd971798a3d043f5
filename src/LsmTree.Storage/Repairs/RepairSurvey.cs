using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Repairs;

/// <summary>What a damaged directory holds: which tables and logs count, what of them can be read, and what is lost.</summary>
/// <remarks>
/// <para>Which files count is said by the manifest. When CURRENT is gone, the newest manifest that can be read whole takes its place. When there is none, every edit
/// that can be read says at least which tables are obsolete; all others count.</para>
/// <para>A record of a log whose sequence numbers are not above those of the tables is in the tables already: flushes go in the order of commits. Without this
/// rule a log that should have been deleted could bring back what a compaction has dropped.</para>
/// </remarks>
internal sealed class RepairSurvey : IDisposable
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly List<RepairedFile> _report = [];
    private readonly List<TableSalvage> _tables = [];
    private readonly List<(ulong Number, string Path)> _logs = [];
    private readonly HashSet<ulong> _obsoleteTables = [];
    private ManifestState? _manifest;

    private RepairSurvey(IFileSystem files, string directory)
    {
        _files = files;
        _directory = directory;
    }

    /// <summary>Whether a manifest said which files count.</summary>
    public bool ManifestUsed => _manifest is not null;

    /// <summary>The identity of the store; 0 when nothing says.</summary>
    public ulong StoreId { get; private set; }

    /// <summary>Every entry with a sequence number up to this one is in the tables.</summary>
    public ulong LastSequenceInTables { get; private set; }

    public IReadOnlyList<TableSalvage> Tables => _tables;

    /// <summary>The logs that count, oldest first.</summary>
    public IReadOnlyList<(ulong Number, string Path)> Logs => _logs;

    public static RepairSurvey Read(IFileSystem files, string directory, CancellationToken cancellation)
    {
        var survey = new RepairSurvey(files, directory);
        try
        {
            survey.ReadManifests();
            survey.ReadFiles(cancellation);
            return survey;
        }
        catch
        {
            survey.Dispose();
            throw;
        }
    }

    public void Add(RepairedFile file) => _report.Add(file);

    public IReadOnlyList<RepairedFile> Report() => [.. _report.OrderBy(static file => file.File, StringComparer.Ordinal)];

    public void Dispose() => _tables.ForEach(static table => table.Dispose());

    private void ReadManifests()
    {
        var numbers = new List<ulong>();
        foreach (var name in _files.List(_directory))
        {
            if (FileNames.TryParse(name, out var kind, out var number) && kind == FileKind.Manifest)
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        numbers.Reverse();
        if (TryReadCurrent() is { } current && numbers.Remove(current))
        {
            numbers.Insert(0, current);
        }

        foreach (var number in numbers)
        {
            try
            {
                _manifest = ManifestReader.Read(_files, _directory, number, new BlockCache(0));
                StoreId = _manifest.StoreId;
                LastSequenceInTables = _manifest.LastSequence;
                return;
            }
            catch (CorruptionException)
            {
                ReadEdits(number);
            }
        }
    }

    private ulong? TryReadCurrent()
    {
        try
        {
            return CurrentFile.Read(_files, _directory);
        }
        catch (Exception error) when (error is CorruptionException or FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What a damaged manifest still says: which tables are obsolete.</summary>
    private void ReadEdits(ulong number)
    {
        using var log = LogSalvage.Open(_files, Path.Combine(_directory, FileNames.Manifest(number)), new LogIdentity(StoreId, number));
        while (log.TryRead(out var record))
        {
            if (!VersionEditFormat.TryDecode(record.Payload, out var edit, out _))
            {
                continue;
            }

            StoreId = edit.StoreId ?? StoreId;
            LastSequenceInTables = Math.Max(LastSequenceInTables, edit.LastSequence ?? 0);
            _obsoleteTables.UnionWith(edit.Removed.Select(static removed => removed.Number));
            _obsoleteTables.ExceptWith(edit.Added.Select(static added => added.Info.Number));
        }
    }

    private void ReadFiles(CancellationToken cancellation)
    {
        var known = _manifest?.Version.Tables.ToDictionary(static table => table.Number, static table => table.Info);
        var tables = new List<(ulong Number, string Path)>();
        foreach (var name in _files.List(_directory))
        {
            var path = Path.Combine(_directory, name);
            var isOurs = FileNames.TryParse(name, out var kind, out var number);
            if (isOurs && kind == FileKind.Table)
            {
                if (known is null ? _obsoleteTables.Contains(number) : !known.ContainsKey(number))
                {
                    Add(new RepairedFile(path, RepairOutcome.Obsolete, 0, []));
                }
                else
                {
                    tables.Add((number, path));
                }
            }
            else if (isOurs && kind == FileKind.Log && (_manifest is null || number >= _manifest.LogNumber))
            {
                _logs.Add((number, path));
            }
            else
            {
                Add(new RepairedFile(path, isOurs && kind == FileKind.Log ? RepairOutcome.Obsolete : RepairOutcome.NotData, 0, []));
            }
        }

        _logs.Sort();
        ReadTables(tables, known, cancellation);
    }

    private void ReadTables(List<(ulong Number, string Path)> found, Dictionary<ulong, TableInfo>? known, CancellationToken cancellation)
    {
        // Those with a sound footer first: they tell the identity of the store, which the others need.
        foreach (var (number, path) in found.OrderBy(file => HasFooter(file.Path) ? 0 : 1).ThenBy(static file => file.Number))
        {
            var table = TableSalvage.Open(_files.OpenRead(path), StoreId == 0 ? null : StoreId, number, cancellation);
            _tables.Add(table);
            StoreId = StoreId == 0 ? table.StoreId ?? 0 : StoreId;
            if (_manifest is null)
            {
                LastSequenceInTables = Math.Max(LastSequenceInTables, table.Properties?.LargestSequence ?? 0);
            }

            var outcome = table.Losses.Count == 0 ? RepairOutcome.Whole : table.EntryCount > 0 || table.RangeTombstones.Count > 0 ? RepairOutcome.Partial : RepairOutcome.Lost;
            Add(new RepairedFile(path, outcome, table.EntryCount, WithKeys(table.Losses, known?.GetValueOrDefault(number))));
        }

        if (known is null)
        {
            return;
        }

        foreach (var info in known.Values.ExceptBy(found.Select(static file => file.Number), static info => info.Number))
        {
            Add(new RepairedFile(
                Path.Combine(_directory, FileNames.Table(info.Number)),
                RepairOutcome.Missing,
                0,
                [new RepairLoss(0, info.FileBytes, info.EntryCount, info.SmallestKey, info.LargestKey, "the manifest names the file, and it is not there")]));
        }
    }

    private bool HasFooter(string path)
    {
        using var file = _files.OpenRead(path);
        var bytes = new byte[TableFooter.Bytes];
        return file.Length >= bytes.Length && file.Read(file.Length - bytes.Length, bytes) == bytes.Length && bytes.AsSpan().EndsWith(TableFormat.Magic);
    }

    /// <summary>Where a loss does not know its keys, those of the whole table bound it.</summary>
    private static IReadOnlyList<RepairLoss> WithKeys(IReadOnlyList<RepairLoss> losses, TableInfo? info) => info is null
        ? losses
        : [.. losses.Select(loss => loss.Bytes == 0 ? loss : loss with { FirstKey = loss.FirstKey ?? info.SmallestKey, LastKey = loss.LastKey ?? info.LargestKey })];
}
