using System.Text;
using System.Text.Json;
using LsmTree.Crash.Tests.Children;
using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Planting;

/// <summary>Compiles an assembly of the library with every planted bug in it, each behind a switch of its own that the environment turns.</summary>
/// <remarks>
/// The build says what it would tell the compiler; the compiler is told the same, but for the places of the files that have bugs. So the sources in the
/// repository know nothing of this, and the whole board costs one compilation for each assembly.
/// </remarks>
internal static class PlantedCompiler
{
    /// <summary>The variable that holds the name of the bug; without it the assembly is as its sources are.</summary>
    public const string Variable = "LSMTREE_PLANTED_BUG";

    private const string SwitchType = "PlantedBugs";

    /// <summary>Compiles against the assemblies in <paramref name="references"/>; returns the path of the result below <paramref name="scratch"/>.</summary>
    public static string Compile(string assembly, IEnumerable<PlantedBug> bugs, string references, string scratch)
    {
        var project = Path.Combine(Repository.Root, "src", assembly);
        var folder = Directory.CreateDirectory(Path.Combine(scratch, "planted", assembly)).FullName;
        var (compiler, arguments) = AskBuild(project, assembly, folder);
        var planted = Plant(bugs, folder);
        var output = Path.Combine(folder, assembly + ".dll");
        var lines = new List<string> { Path.Combine(folder, SwitchType + ".cs") };
        foreach (var argument in arguments)
        {
            if (argument.EndsWith(".cs", StringComparison.Ordinal) && planted.Remove(Path.GetFullPath(argument, project), out var changed))
            {
                lines.Add(changed);
            }
            else if (argument.StartsWith("/reference:", StringComparison.Ordinal) && Path.GetFileName(argument) is var name && name.StartsWith("LsmTree.", StringComparison.Ordinal))
            {
                lines.Add($"/reference:{Path.Combine(references, name)}");
            }
            else if (argument.StartsWith("/out:", StringComparison.Ordinal))
            {
                lines.Add($"/out:{output}");
            }
            else if (!IsIdle(argument))
            {
                lines.Add(argument);
            }
        }

        Assert.True(planted.Count == 0, $"The build does not compile {string.Join(", ", planted.Keys)}");
        var response = Path.ChangeExtension(output, ".rsp");
        File.WriteAllLines(response, lines);
        var (status, text) = Command.Run(DotnetHost.Path, [compiler, "/noconfig", $"@{response}"], project);
        return status == 0 ? output : throw new InvalidOperationException($"{assembly} does not compile with its planted bugs: {text}");
    }

    private static (string Compiler, IReadOnlyList<string> Arguments) AskBuild(string project, string assembly, string folder)
    {
        string[] arguments =
        [
            "msbuild", Path.Combine(project, assembly + ".csproj"), "-nologo", "-t:Compile", "-p:Configuration=Release", "-p:BuildProjectReferences=false",
            "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true", "-p:RunAnalyzers=false", $"-p:IntermediateOutputPath={Path.Combine(folder, "obj")}/",
            "-getItem:CscCommandLineArgs", "-getProperty:RoslynTargetsPath",
        ];
        var (status, text) = Command.Run(DotnetHost.Path, arguments, project);
        if (status != 0)
        {
            throw new InvalidOperationException($"The build does not say how {assembly} is compiled: {text}");
        }

        using var answer = JsonDocument.Parse(text);
        var roslyn = answer.RootElement.GetProperty("Properties").GetProperty("RoslynTargetsPath").GetString()!;
        var items = answer.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray().Select(static item => item.GetProperty("Identity").GetString()!);
        return (Path.Combine(roslyn, "bincore", "csc.dll"), [.. items]);
    }

    /// <summary>Writes the changed files, and the type that has the switches. The result leads from a file to its change.</summary>
    private static Dictionary<string, string> Plant(IEnumerable<PlantedBug> bugs, string folder)
    {
        var switches = new StringBuilder();
        var planted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in bugs.GroupBy(static bug => bug.File))
        {
            var path = Path.Combine(Repository.Root, "src", file.Key);
            var text = File.ReadAllText(path);
            foreach (var bug in file)
            {
                text = bug.Plant(text, $"global::{SwitchType}.{bug.Name}");
                switches.AppendLine($"    public static readonly bool {bug.Name} = s_name == nameof({bug.Name});");
            }

            planted[path] = Path.Combine(folder, file.Key.Replace('/', '-'));
            File.WriteAllText(planted[path], text);
        }

        File.WriteAllText(
            Path.Combine(folder, SwitchType + ".cs"),
            $"internal static class {SwitchType}\n{{\n    private static readonly string? s_name = System.Environment.GetEnvironmentVariable(\"{Variable}\");\n{switches}}}\n");
        return planted;
    }

    /// <summary>Documents, symbols and judges are for the build; generators of code are needed.</summary>
    private static bool IsIdle(string argument) =>
        argument.StartsWith("/doc:", StringComparison.Ordinal)
        || argument.StartsWith("/refout:", StringComparison.Ordinal)
        || argument.StartsWith("/debug", StringComparison.Ordinal)
        || argument.StartsWith("/embed", StringComparison.Ordinal)
        || argument.StartsWith("/noconfig", StringComparison.Ordinal)
        || argument.StartsWith("/warnaserror", StringComparison.Ordinal)
        || argument.StartsWith("/analyzerconfig:", StringComparison.Ordinal)
        || argument.StartsWith("/additionalfile:", StringComparison.Ordinal)
        || (argument.StartsWith("/analyzer:", StringComparison.Ordinal) && !argument.Contains("Microsoft.NETCore.App.Ref", StringComparison.Ordinal));
}
