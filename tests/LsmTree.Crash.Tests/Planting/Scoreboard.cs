namespace LsmTree.Crash.Tests.Planting;

/// <summary>Test projects over a library in which every bug is planted; one at a time is switched on, and its test must fail.</summary>
internal sealed class Scoreboard : IDisposable
{
    private readonly string _scratch = Directory.CreateTempSubdirectory("lsmtree-planted-").FullName;
    private readonly Dictionary<string, TestHost> _hosts = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<PlantedBug> _bugs;

    /// <summary>Compiles and copies what these bugs and their tests need.</summary>
    public Scoreboard(IReadOnlyList<PlantedBug> bugs)
    {
        _bugs = bugs;
        foreach (var project in bugs.Select(static bug => bug.TestProject).Distinct())
        {
            _hosts.Add(project, TestHost.Create(project, _scratch));
        }

        foreach (var assembly in bugs.GroupBy(static bug => bug.Assembly))
        {
            var references = _hosts[assembly.First().TestProject].Folder;
            var compiled = PlantedCompiler.Compile(assembly.Key, PlantedBugs.All.Where(bug => bug.Assembly == assembly.Key), references, _scratch);
            foreach (var host in assembly.Select(static bug => bug.TestProject).Distinct())
            {
                _hosts[host].Install(compiled);
            }
        }
    }

    /// <summary>With no bug switched on the tests must pass. Says what does not.</summary>
    public IReadOnlyList<string> FailWithoutBugs()
    {
        var failed = new List<string>();
        foreach (var project in _bugs.GroupBy(static bug => bug.TestProject))
        {
            var names = project.Select(static bug => bug.Test).Distinct().ToList();
            var outcomes = _hosts[project.Key].Run(names, bug: null);
            failed.AddRange(outcomes.Where(static outcome => !outcome.IsPassed).Select(static outcome => $"{outcome.Test} {outcome.Result} without any bug: {outcome.Message}"));
            failed.AddRange(names.Where(name => !outcomes.Any(outcome => outcome.Test == name)).Select(static name => $"There is no test {name}"));
        }

        return failed;
    }

    /// <summary>Why the bug counts as missed; null when its test has failed.</summary>
    public string? WhyMissed(PlantedBug bug)
    {
        var outcomes = _hosts[bug.TestProject].Run([bug.Test], bug.Name);
        return outcomes.FirstOrDefault(static outcome => outcome.IsBroken) is { } broken ? $"{bug.Test} did not come to its point: {broken.ExceptionType}: {broken.Message}"
            : outcomes.Any(static outcome => outcome.IsFailed) ? null
            : $"{bug.Test} passes, although: {bug.Breaks}";
    }

    public void Dispose() => Directory.Delete(_scratch, recursive: true);
}
