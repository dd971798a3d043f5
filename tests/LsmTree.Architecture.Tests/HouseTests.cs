using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace LsmTree.Architecture.Tests;

/// <summary>The house rules that a compiler does not check. Each message says what to do instead.</summary>
public sealed partial class HouseTests
{
    private const int MaxLines = 400;

    private static readonly string[] EverythingWritten = ["src", "tests", "benchmarks", "samples"];

    private static readonly string[] ForbiddenSuffixes = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common", "Base", "Impl"];

    [Fact]
    public void A_file_fits_in_a_few_screens() =>
        AssertNone(Repository.SourceFiles(EverythingWritten).Where(static file => file.Lines.Length > MaxLines)
            .Select(static file => $"{file.Path} has {file.Lines.Length} lines, at most {MaxLines} are allowed: split the object, not the file; find the second noun in it."));

    [Fact]
    public void A_region_hides_a_missing_type() =>
        AssertNone(Repository.SourceFiles(EverythingWritten).SelectMany(static file => file.CodeLines()
            .Where(static line => RegionDirective().IsMatch(line.Text))
            .Select(line => $"{file.Path}:{line.Number}: no #region; give what it fences a type of its own.")));

    [Fact]
    public void A_file_holds_one_type_and_is_named_like_it()
    {
        var objections = new List<string>();
        foreach (var file in Repository.SourceFiles("src"))
        {
            var names = file.CodeLines().Select(static line => TopLevelType().Match(line.Text)).Where(static match => match.Success).Select(static match => match.Groups["name"].Value).ToList();
            if (names.Count == 0)
            {
                objections.Add($"{file.Path} declares no type: move what it holds to where it is used.");
            }
            else if (names[0] != file.FileName)
            {
                objections.Add($"{file.Path} declares {names[0]}: name the file after its type.");
            }
            else if (names.Count > 1 && !IsClosedHierarchy(file))
            {
                objections.Add($"{file.Path} declares {string.Join(", ", names)}: one top-level type per file. (A closed hierarchy of records may share one when its doc comment says \"closed hierarchy\".)");
            }
        }

        AssertNone(objections);
    }

    [Fact]
    public void A_class_is_sealed_static_or_abstract() =>
        AssertNone(WrittenTypes().Where(static type => type is { IsClass: true, IsSealed: false, IsAbstract: false })
            .Select(static type => $"{type.FullName} can be inherited by accident: make it sealed (or abstract, when heirs are the design)."));

    [Fact]
    public void A_name_says_what_a_type_is() =>
        AssertNone(WrittenTypes().Where(static type => ForbiddenSuffixes.Any(suffix => type.Name.Split('`')[0].EndsWith(suffix, StringComparison.Ordinal)))
            .Select(static type => $"{type.FullName} ends in a word that says nothing: name it after what it is or does, as the field does (queue, cell, picker, writer …)."));

    [Fact]
    public void An_interface_is_earned_by_two_implementations()
    {
        var code = string.Join('\n', Repository.SourceFiles("src", "tests", "benchmarks").SelectMany(static file => file.CodeLines().Select(static line => line.Text)));
        AssertNone(WrittenTypes().Where(static type => type.IsInterface)
            .Select(type => (Type: type, Count: ImplementationsOf(code, type.Name.Split('`')[0])))
            .Where(static entry => entry.Count < 2)
            .Select(static entry => $"{entry.Type.FullName} has {entry.Count} implementation(s): use the class itself, or pass the functions that its caller needs."));
    }

    [Fact]
    public void Nothing_is_left_for_later() =>
        AssertNone(Repository.SourceFiles("src").SelectMany(static file => file.Lines
            .Select((text, index) => (Text: text, Number: index + 1))
            .Where(static line => LeftForLater().IsMatch(line.Text))
            .Select(line => $"{file.Path}:{line.Number}: '{line.Text.Trim()}': finish it, or leave it out and say so in the documentation.")));

    [Fact]
    public void A_partial_class_exists_only_for_generated_code() =>
        AssertNone(Repository.SourceFiles("src").SelectMany(static file => file.CodeLines()
            .Where(static line => PartialType().IsMatch(line.Text))
            .Where(_ => !file.Lines.Any(static line => GeneratedPart().IsMatch(line)))
            .Select(line => $"{file.Path}:{line.Number}: a partial type hides its size; split the object. (A source generator's attribute in the same file is the exception.)")));

    [Fact]
    public void Internals_are_visible_to_tests_and_benchmarks_only()
    {
        var objections = new List<string>();
        foreach (var project in Repository.Assemblies.Keys)
        {
            foreach (Match match in Regex.Matches(Repository.Read($"src/{project}/{project}.csproj"), "InternalsVisibleTo Include=\"([^\"]+)\""))
            {
                var friend = match.Groups[1].Value;
                if (!friend.EndsWith(".Tests", StringComparison.Ordinal) && !friend.EndsWith(".Conformance", StringComparison.Ordinal) && friend is not "LsmTree.Benchmarks")
                {
                    objections.Add($"src/{project} shows its internals to {friend}: only tests and benchmarks may look inside; use the public surface.");
                }
            }
        }

        AssertNone(objections);
    }

    [Theory]
    [InlineData("    #region Reading", true)]
    [InlineData("#endregion", true)]
    [InlineData("/// a #region", false)]
    public void The_region_rule_can_fail(string line, bool expected) => Assert.Equal(expected, RegionDirective().IsMatch(line));

    [Theory]
    [InlineData("internal sealed class BlockCache", "BlockCache")]
    [InlineData("public readonly record struct KeyRange(int From, int To);", "KeyRange")]
    [InlineData("internal delegate bool Accept(ReadOnlySpan<byte> key);", "Accept")]
    [InlineData("internal enum EntryKind : byte", "EntryKind")]
    [InlineData("    private sealed class Nested", "")]
    [InlineData("namespace LsmTree.Storage.Blocks;", "")]
    public void The_one_type_rule_finds_declarations(string line, string name) => Assert.Equal(name, TopLevelType().Match(line).Groups["name"].Value);

    private static bool IsClosedHierarchy(SourceFile file) =>
        string.Join(' ', file.Lines).Contains("closed hierarchy", StringComparison.OrdinalIgnoreCase);

    private static int ImplementationsOf(string code, string interfaceName) =>
        Regex.Count(code, $@"\b(?:class|struct|record)\s+\w[^{{;]*?[:,]\s*{Regex.Escape(interfaceName)}\b");

    /// <summary>The types that somebody wrote: no closures, no embedded attributes, nothing that ANTLR generated.</summary>
    private static IEnumerable<Type> WrittenTypes() => Repository.Assemblies.Values.Union(Repository.Libraries.Values).SelectMany(static path => Assembly.LoadFrom(path).GetTypes())
        .Where(static type => type.FullName is { } name && name.StartsWith("LsmTree.", StringComparison.Ordinal) && !name.Contains('<', StringComparison.Ordinal)
            && !name.Contains(".Generated.", StringComparison.Ordinal) && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null);

    private static void AssertNone(IEnumerable<string> objections)
    {
        var list = objections.Take(50).ToList();
        Assert.True(list.Count == 0, string.Join(Environment.NewLine, list));
    }

    [GeneratedRegex(@"^\s*#\s*(region|endregion)\b")]
    private static partial Regex RegionDirective();

    [GeneratedRegex(@"^(?:(?:public|internal|file|sealed|static|abstract|readonly|ref|partial|unsafe)\s+)*(?:record\s+struct|record\s+class|record|class|struct|interface|enum|delegate\s+[\w<>\[\]?,. ]+?)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|\bNotImplementedException\b|the surface is drawn before it is filled")]
    private static partial Regex LeftForLater();

    [GeneratedRegex(@"\bpartial\s+(class|struct|record|interface)\b")]
    private static partial Regex PartialType();

    [GeneratedRegex(@"\[(GeneratedRegex|LibraryImport|LoggerMessage|JsonSerializable)\b")]
    private static partial Regex GeneratedPart();
}
