using System.Text.RegularExpressions;

namespace LsmTree.Architecture.Tests;

/// <summary>A folder is a floor, and a file uses strictly lower floors only. The table in docs/architecture.md is what these tests enforce.</summary>
public sealed class FloorTests
{
    public static TheoryData<string> Projects() => [.. Repository.Assemblies.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_type_references_strictly_lower_floors_only(string project)
    {
        var plan = FloorPlan.Load(project);
        var objections = new List<string>();
        foreach (var (from, targets) in ReferenceGraph.Load(Repository.Assemblies[project]).Edges)
        {
            foreach (var to in targets)
            {
                if (FolderOf(project, from) is { } fromFolder && FolderOf(project, to) is { } toFolder
                    && plan.Objection(fromFolder, toFolder, SimpleName(to)) is { } objection)
                {
                    objections.Add($"{from} → {to}: {objection}.");
                }
            }
        }

        AssertNone(objections);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_file_names_strictly_lower_floors_only(string project)
    {
        // Constants and enum members are inlined by the compiler, so the metadata does not show them; the text does.
        var plan = FloorPlan.Load(project);
        var named = new Regex($@"(?<![\w.]){Regex.Escape(project)}\.([A-Z]\w*)");
        var objections = new List<string>();
        foreach (var file in Repository.SourceFiles($"src/{project}"))
        {
            foreach (var (number, line) in file.CodeLines())
            {
                if (line.StartsWith("global using LsmTree", StringComparison.Ordinal))
                {
                    objections.Add($"{file.Path}:{number}: a global using hides which floor a file uses; write the using in each file.");
                }

                foreach (Match match in named.Matches(line))
                {
                    if (!line.StartsWith("namespace ", StringComparison.Ordinal) && plan.Folders.Contains(match.Groups[1].Value)
                        && plan.Objection(file.Folder, match.Groups[1].Value, "") is { } objection)
                    {
                        objections.Add($"{file.Path}:{number}: {objection}.");
                    }
                }
            }
        }

        AssertNone(objections);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_a_floor_and_every_floor_has_a_folder(string project)
    {
        var plan = FloorPlan.Load(project);
        var folders = Repository.SourceFiles($"src/{project}").Select(static file => file.Folder.Length == 0 ? FloorPlan.Root : file.Folder).ToHashSet();
        var objections = folders.Where(folder => !plan.Folders.Contains(folder)).Select(folder => $"src/{project}/{folder} is not in the floors table of {FloorPlan.Page}: give it a floor there.")
            .Concat(plan.Folders.Where(folder => !folders.Contains(folder)).Select(folder => $"{FloorPlan.Page} gives {folder} of {project} a floor, but there is no such folder: remove it from the table."));
        AssertNone([.. objections]);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_contract_type_is_a_type_of_the_root(string project)
    {
        var root = Repository.SourceFiles($"src/{project}").Where(static file => file.Folder.Length == 0).Select(static file => file.FileName).ToHashSet();
        var objections = FloorPlan.Load(project).ContractTypes.Where(name => !root.Contains(name))
            .Select(name => $"{FloorPlan.Page} lists {name} as a contract type of {project}, but the root has no {name}.cs: remove it from the list.");
        AssertNone([.. objections]);
    }

    [Theory]
    [InlineData("LsmTree.Storage", "System.IO.Hashing")]
    [InlineData("LsmTree.Data", "LsmTree.Storage Antlr4.Runtime.Standard")]
    public void A_library_references_the_base_class_library_and_little_else(string project, string allowed)
    {
        var permitted = allowed.Split(' ');
        var objections = ReferenceGraph.Load(Repository.Assemblies[project]).AssemblyReferences
            .Where(name => !permitted.Contains(name) && (name == "System.IO.Hashing" || !(name.StartsWith("System.", StringComparison.Ordinal) || name is "System" or "mscorlib" or "netstandard" || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal))))
            .Select(name => $"{project} references {name}: it may use the base class library and {string.Join(", ", permitted)}; write down why in docs/decisions before adding a dependency.");
        AssertNone([.. objections]);
    }

    [Fact]
    public void An_upward_or_sibling_reference_is_objected_to()
    {
        const string Page = """
            <!-- floors: Sample -->
            | floor | folders | what |
            |---|---|---|
            | 3 | (root) | face |
            | 2 | `Upper` | |
            | 1 | `Left` · `Right` | |

            <!-- contract: Sample -->
            `Shared` may be named by all.
            """;
        var plan = FloorPlan.Parse(Page, "Sample");

        Assert.Null(plan.Objection("Upper", "Left", "Any"));
        Assert.Null(plan.Objection("Left", "Left", "Any"));
        Assert.Null(plan.Objection("", "Upper", "Any"));
        Assert.Null(plan.Objection("Left", "", "Shared"));
        Assert.Contains("looks up at the root", plan.Objection("Left", "", "Private"), StringComparison.Ordinal);
        Assert.Contains("looks up at Upper/", plan.Objection("Left", "Upper", "Any"), StringComparison.Ordinal);
        Assert.Contains("siblings on floor 1", plan.Objection("Left", "Right", "Any"), StringComparison.Ordinal);
        Assert.Contains("has no floor", plan.Objection("Upper", "Nowhere", "Any"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_graph_sees_bodies_signatures_and_closures()
    {
        var edges = ReferenceGraph.Load(typeof(FloorTests).Assembly.Location).Edges;

        Assert.Contains("LsmTree.Architecture.Tests.InstructionTokens", edges["LsmTree.Architecture.Tests.ReferenceGraph"]);   // a call in a body
        Assert.Contains("LsmTree.Architecture.Tests.SourceFile", edges["LsmTree.Architecture.Tests.Repository"]);              // an iterator's state machine
        Assert.Contains("LsmTree.Architecture.Tests.FloorPlan", edges["LsmTree.Architecture.Tests.FloorTests"]);               // a captured variable
        Assert.DoesNotContain("LsmTree.Architecture.Tests.FloorTests", edges["LsmTree.Architecture.Tests.Repository"]);
    }

    private static string? FolderOf(string project, string fullName)
    {
        if (!fullName.StartsWith(project + ".", StringComparison.Ordinal))
        {
            return null; // Attributes that the compiler embeds.
        }

        var rest = fullName[(project.Length + 1)..];
        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? "" : rest[..dot];
    }

    private static string SimpleName(string fullName) => fullName[(fullName.LastIndexOf('.') + 1)..].Split('`')[0];

    private static void AssertNone(List<string> objections) => Assert.True(objections.Count == 0, string.Join(Environment.NewLine, objections));
}
