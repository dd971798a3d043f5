using System.Xml.Linq;
using LsmTree.Crash.Tests.Children;

namespace LsmTree.Crash.Tests.Planting;

/// <summary>A copy of a test project's output, in which one assembly of the library can be put in another's place.</summary>
internal sealed class TestHost
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly string _project;

    private TestHost(string project, string folder)
    {
        _project = project;
        Folder = folder;
    }

    public string Folder { get; }

    public static TestHost Create(string project, string scratch)
    {
        // .../bin/PROJECT/release, for this project as for the others.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var built = Path.Combine(here.Parent!.Parent!.FullName, project, here.Name);
        if (!File.Exists(Path.Combine(built, project + ".dll")))
        {
            throw new InvalidOperationException($"{project} is not built in {built}: run dotnet build LsmTree.sln -c Release.");
        }

        var folder = Path.Combine(scratch, project);
        foreach (var file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(built, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return new TestHost(project, folder);
    }

    public void Install(string assembly) => File.Copy(assembly, Path.Combine(Folder, Path.GetFileName(assembly)), overwrite: true);

    /// <summary>Runs the tests of these full names, with a bug switched on or none. Throws when there was no run.</summary>
    public IReadOnlyList<TestOutcome> Run(IEnumerable<string> tests, string? bug)
    {
        var results = Path.Combine(Folder, "results.xml");
        File.Delete(results);
        var (status, text) = Command.Run(
            DotnetHost.Path, [Path.Combine(Folder, _project + ".dll"), .. tests.SelectMany(static test => new[] { "-method", test }), "-xml", results], Folder, s_patience,
            (PlantedCompiler.Variable, bug ?? ""));
        return File.Exists(results)
            ? [.. XDocument.Load(results).Descendants("test").Select(Read)]
            : throw new InvalidOperationException($"{_project} ended with {status} and without results: {text[..Math.Min(text.Length, 2_000)]}");
    }

    private static TestOutcome Read(XElement test)
    {
        var failure = test.Element("failure");
        return new TestOutcome(
            $"{test.Attribute("type")!.Value}.{test.Attribute("method")!.Value}",
            test.Attribute("result")!.Value,
            failure?.Attribute("exception-type")?.Value ?? "",
            failure?.Element("message")?.Value ?? "");
    }
}
