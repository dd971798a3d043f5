using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Versions;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Tests.Versions;

/// <summary>A version drawn as text, one level a line. Its tables have no files.</summary>
/// <example>
/// <c>L0: 5[c-x] #91-120   4[a-p) #60-90 8M del:50/100 rdel:c-k#70</c> is level 0 with tables 5 and 4; 4 ends before p, has 8 MiB, 100 entries, half of
/// them tombstones, and a range tombstone. Without more, a table has 32 MiB, 100 entries and the sequence numbers 1 to 1.
/// </example>
internal sealed partial class LevelPicture
{
    private readonly Dictionary<ulong, List<RangeTombstone>> _tombstones = [];

    private LevelPicture(string picture)
    {
        var levels = Enumerable.Range(0, Version.LevelCount).Select(static _ => ImmutableArray<TableFile>.Empty).ToArray();
        foreach (var line in picture.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var level = line[1] - '0';
            levels[level] = [.. TablePattern().Matches(line[3..]).Select(TableOf)];
        }

        Version = new Version(levels);
    }

    public Version Version { get; }

    public static LevelPicture Parse(string picture) => new(picture);

    public static Version VersionOf(string picture) => Parse(picture).Version;

    public static byte[] Key(string text) => Encoding.UTF8.GetBytes(text);

    public RangeTombstoneList TombstonesOf(TableFile table) => RangeTombstoneList.From(_tombstones[table.Number]);

    public static TableFile TableFileOf(TableInfo info) => new(new MemoryFileSystem(), "/nowhere", 1, new BlockCache(0), info);

    private TableFile TableOf(Match match)
    {
        var number = ulong.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        var info = new TableInfo(
            number, 32L << 20, Key(match.Groups["from"].Value), Key(match.Groups["to"].Value), match.Groups["end"].Value == ")", 1, 1, 100, 0, 0, 0, 0);
        foreach (var attribute in match.Groups["attributes"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            info = With(info, attribute);
        }

        return TableFileOf(info);
    }

    private TableInfo With(TableInfo info, string attribute)
    {
        switch (attribute)
        {
            case ['#', .. var sequences]:
                var ends = sequences.Split('-').Select(ulong.Parse).ToArray();
                return info with { SmallestSequence = ends[0], LargestSequence = ends[^1] };
            case [.. var mebibytes, 'M']:
                return info with { FileBytes = (long)(double.Parse(mebibytes, CultureInfo.InvariantCulture) * (1 << 20)) };
            case var _ when attribute.StartsWith("del:", StringComparison.Ordinal):
                var counts = attribute[4..].Split('/').Select(long.Parse).ToArray();
                return info with { TombstoneCount = counts[0], EntryCount = counts[1] };
            case var _ when attribute.StartsWith("rdel:", StringComparison.Ordinal):
                var parts = attribute[5..].Split('-', '#');
                var list = _tombstones.TryGetValue(info.Number, out var known) ? known : _tombstones[info.Number] = [];
                list.Add(new RangeTombstone(Key(parts[0]), Key(parts[1]), ulong.Parse(parts[2], CultureInfo.InvariantCulture)));
                return info with { RangeTombstoneCount = list.Count };
            default:
                throw new FormatException($"'{attribute}' says nothing about a table.");
        }
    }

    [GeneratedRegex(@"(?<number>\d+)\[(?<from>[^-\]\)]*)-(?<to>[^\]\)]*)(?<end>[\]\)])(?<attributes>.*?)(?=\s\d+\[|$)")]
    private static partial Regex TablePattern();
}
