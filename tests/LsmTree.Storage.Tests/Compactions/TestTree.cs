using System.Globalization;
using System.Text;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Cursors;
using LsmTree.Storage.Files;
using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Tests.Compactions;

/// <summary>Tables, versions and the jobs between them, without memtables, logs and threads.</summary>
internal sealed class TestTree : IDisposable
{
    public const string Directory = "/store";
    public const ulong StoreId = 0x1122334455667788;

    private static readonly TableSettings s_tables = new(BlockBytes: 128, RestartInterval: 4);

    private readonly HashSet<TableFile> _tables = [];

    public TestTree(IFileSystem? files = null, LevelSettings? levels = null, ManifestSettings? manifest = null)
    {
        Files = files ?? new MemoryFileSystem();
        Levels = levels ?? new LevelSettings(4, 8 << 10, 4, 1 << 10);
        Files.CreateDirectory(Directory);
        Cache = new BlockCache(1 << 20);
        Versions = VersionSet.Exists(Files, Directory)
            ? VersionSet.Recover(Files, Directory, Cache, manifest)
            : VersionSet.Create(Files, Directory, StoreId, Cache, manifest);
        _tables.UnionWith(Version.Tables);
        Flush = new FlushJob(Files, Directory, Versions.StoreId, Versions.Numbers, s_tables);
        Compaction = new CompactionJob(Files, Directory, Versions.StoreId, Versions.Numbers, s_tables, Levels);
    }

    public IFileSystem Files { get; }

    public LevelSettings Levels { get; }

    public BlockCache Cache { get; }

    public VersionSet Versions { get; }

    public FlushJob Flush { get; }

    public CompactionJob Compaction { get; }

    public Version Version => Versions.Current;

    /// <summary>Flushes entries ("a#9", "a#5d") and range tombstones ("[a,m)#7"), separated by blanks.</summary>
    public JobResult FlushText(string text, params ulong[] snapshots)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return FlushEntries(parts.Where(static part => part[0] != '[').Select(EntryOf), parts.Where(static part => part[0] == '[').Select(TombstoneOf), snapshots);
    }

    public JobResult FlushEntries(
        IEnumerable<(byte[] Key, ulong Trailer, byte[] Value)> entries, IEnumerable<RangeTombstone> tombstones, params ulong[] snapshots)
    {
        using var cursor = new EntryListCursor(entries);
        var result = Flush.Run(cursor, RangeTombstoneList.From([.. tombstones]), snapshots, Version);
        Apply(result.Edit);
        return result;
    }

    public JobResult Compact(CompactionPlan plan, params ulong[] snapshots)
    {
        var result = Compaction.Run(plan, Version, snapshots);
        Apply(result.Edit);
        return result;
    }

    /// <summary>Runs the manual steps of a range to their end.</summary>
    public void CompactRange(KeyRange range, params ulong[] snapshots)
    {
        var oldest = snapshots.Length > 0 ? snapshots[0] : Trailer.MaxSequence;
        for (var steps = 0; CompactionPicker.PickManual(Version, range, Levels, [], oldest) is { } plan; steps++)
        {
            Assert.True(steps < 1000, $"The steps do not come to an end; the last is {plan}.");
            Compact(plan, snapshots);
        }
    }

    public CompactionPlan? Pick(params ulong[] snapshots) => CompactionPicker.Pick(
        Version, Levels, [], snapshots.Length > 0 ? snapshots[0] : Trailer.MaxSequence, static table => table.RangeTombstones);

    /// <summary>The entries of a table: "a#9 a#5d", then its range tombstones.</summary>
    public static string Dump(TableFile table)
    {
        var parts = new List<string>();
        using var cursor = table.Open().CreateCursor(fillCache: false);
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            parts.Add($"{Encoding.UTF8.GetString(cursor.Key)}#{Trailer.Sequence(cursor.Trailer)}{(Trailer.Kind(cursor.Trailer) == EntryKind.Delete ? "d" : "")}");
        }

        parts.AddRange(table.RangeTombstones.Fragments().Select(static tombstone =>
            $"[{Encoding.UTF8.GetString(tombstone.Start)},{Encoding.UTF8.GetString(tombstone.End)})#{tombstone.Sequence}"));
        return string.Join(' ', parts);
    }

    /// <summary>The tables of a level, each as its dump.</summary>
    public string DumpLevel(int level) => string.Join(" | ", Version.Level(level).Select(Dump));

    /// <summary>All levels that have tables.</summary>
    public string DumpAll() => string.Join(
        '\n', Enumerable.Range(0, Version.LevelCount).Where(level => Version.Count(level) > 0).Select(level => $"L{level}: {DumpLevel(level)}"));

    /// <summary>What a reader at a sequence number sees: the newest entry of each key, range tombstones applied.</summary>
    public SortedDictionary<string, string> Read(ulong sequence)
    {
        var seen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var tombstones = RangeTombstoneList.From([.. Version.Tables.SelectMany(static table => table.RangeTombstones.Fragments())]);
        var cursors = new List<ICursor>(Version.Level(0).Select(static table => table.Open().CreateCursor(fillCache: true)));
        for (var level = 1; level < Version.LevelCount; level++)
        {
            cursors.Add(new LevelCursor(Version.Level(level), fillCache: true));
        }

        using var merged = new MergingCursor([.. cursors]);
        string? decided = null;
        for (merged.SeekToFirst(); merged.IsValid; merged.Next())
        {
            var key = Encoding.Latin1.GetString(merged.Key);
            var found = Trailer.Sequence(merged.Trailer);
            if (key == decided || found > sequence)
            {
                continue;
            }

            decided = key;
            if (Trailer.Kind(merged.Trailer) == EntryKind.Put && tombstones.CoveringSequence(merged.Key, sequence) <= found)
            {
                seen.Add(key, Encoding.Latin1.GetString(merged.Value));
            }
        }

        return seen;
    }

    public void Dispose()
    {
        foreach (var table in _tables)
        {
            table.Close();
        }

        Versions.Dispose();
    }

    private void Apply(VersionEdit edit) => _tables.UnionWith(Versions.Apply(edit).Tables);

    private static (byte[] Key, ulong Trailer, byte[] Value) EntryOf(string text)
    {
        var isDelete = text.EndsWith('d') && text.Contains('#', StringComparison.Ordinal);
        var parts = (isDelete ? text[..^1] : text).Split('#');
        var sequence = ulong.Parse(parts[1], CultureInfo.InvariantCulture);
        return (Encoding.UTF8.GetBytes(parts[0]), Trailer.Pack(sequence, isDelete ? EntryKind.Delete : EntryKind.Put), isDelete ? [] : Encoding.UTF8.GetBytes($"value{sequence}"));
    }

    private static RangeTombstone TombstoneOf(string text)
    {
        var parts = text.Split('[', ',', ')', '#');
        return new RangeTombstone(Encoding.UTF8.GetBytes(parts[1]), Encoding.UTF8.GetBytes(parts[2]), ulong.Parse(parts[^1], CultureInfo.InvariantCulture));
    }
}
