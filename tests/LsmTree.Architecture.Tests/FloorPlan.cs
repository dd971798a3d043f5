using System.Text.RegularExpressions;

namespace LsmTree.Architecture.Tests;

/// <summary>
/// The floors of one assembly as docs/architecture.md draws them: that page is the rule, this type only reads it.
/// </summary>
/// <remarks>
/// <para>The page marks each table with <c>&lt;!-- floors: ASSEMBLY --&gt;</c>; a row is <c>| number | `Folder` · `Folder` | … |</c>, and the root is
/// written <c>(root)</c>. A line with <c>&lt;!-- contract: ASSEMBLY --&gt;</c> is followed by a paragraph that lists, in backticks, the types of the
/// root that every floor may name.</para>
/// </remarks>
internal sealed class FloorPlan
{
    public const string Page = "docs/architecture.md";
    public const string Root = "(root)";

    private readonly Dictionary<string, int> _floors;
    private readonly HashSet<string> _contract;

    private FloorPlan(string assembly, Dictionary<string, int> floors, HashSet<string> contract)
    {
        Assembly = assembly;
        _floors = floors;
        _contract = contract;
    }

    public string Assembly { get; }

    public IReadOnlyCollection<string> Folders => _floors.Keys;

    public IReadOnlyCollection<string> ContractTypes => _contract;

    public static FloorPlan Load(string assembly) => Parse(Repository.Read(Page), assembly);

    public static FloorPlan Parse(string page, string assembly)
    {
        var floors = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in SectionAfter(page, $"<!-- floors: {assembly} -->", static line => line.StartsWith('|')))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length < 3 || !int.TryParse(cells[1], out var floor))
            {
                continue;
            }

            if (cells[2].Contains(Root, StringComparison.Ordinal))
            {
                floors[Root] = floor;
                continue;
            }

            foreach (Match folder in Regex.Matches(cells[2], "`([A-Za-z]+)`"))
            {
                floors[folder.Groups[1].Value] = floor;
            }
        }

        var contract = SectionAfter(page, $"<!-- contract: {assembly} -->", static line => line.Length > 0)
            .SelectMany(static line => Regex.Matches(line, "`([A-Za-z]+)`"))
            .Select(static name => name.Groups[1].Value);
        return floors.ContainsKey(Root)
            ? new FloorPlan(assembly, floors, [.. contract])
            : throw new InvalidOperationException($"{Page} has no floors table for {assembly} with a row for {Root}: put '<!-- floors: {assembly} -->' before it.");
    }

    /// <summary>The floor of a folder; null when the page does not have it.</summary>
    public int? FloorOf(string folder) => _floors.TryGetValue(folder.Length == 0 ? Root : folder, out var floor) ? floor : null;

    public bool IsContract(string typeName) => _contract.Contains(typeName);

    /// <summary>What is wrong with a type of one folder naming a type of another; null when nothing is.</summary>
    public string? Objection(string fromFolder, string toFolder, string toType)
    {
        if (fromFolder == toFolder || (toFolder.Length == 0 && IsContract(toType)))
        {
            return null;
        }

        if (FloorOf(fromFolder) is not { } from)
        {
            return $"the folder {fromFolder} has no floor: add it to the table of {Assembly} in {Page}";
        }

        if (FloorOf(toFolder) is not { } to)
        {
            return $"the folder {toFolder} has no floor: add it to the table of {Assembly} in {Page}";
        }

        return to < from ? null : to == from
            ? $"{Name(fromFolder)} and {Name(toFolder)} are siblings on floor {from}: move what both need to a lower floor, or pass it in as an argument"
            : $"{Name(fromFolder)} (floor {from}) looks up at {Name(toFolder)} (floor {to}): own a small signal or a delegate below and wire it above, or move the type down";
    }

    private static string Name(string folder) => folder.Length == 0 ? "the root" : folder + "/";

    private static IEnumerable<string> SectionAfter(string page, string marker, Func<string, bool> belongs) =>
        page.Split('\n').Select(static line => line.Trim()).SkipWhile(line => line != marker).Skip(1)
            .SkipWhile(static line => line.Length == 0).TakeWhile(belongs);
}
