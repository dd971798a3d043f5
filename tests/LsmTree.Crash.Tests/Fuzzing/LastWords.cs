using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Fuzzing;

/// <summary>A file that says which case is being tried, for as long as it is: a stack that overflows ends the process, and nobody can tell then. The next run begins with what is left.</summary>
internal sealed class LastWords : IDisposable
{
    private const string Ending = ".died";

    private readonly string _path;

    public LastWords(string directory, FuzzCase fuzzed)
    {
        _path = Path.Combine(directory, $"{fuzzed}{Ending}");
        File.WriteAllBytes(_path, []);
    }

    /// <summary>The cases in which processes have ended.</summary>
    public static IReadOnlyList<FuzzCase> Left(string directory) =>
        [.. Directory.GetFiles(directory, $"*{Ending}").Select(Path.GetFileNameWithoutExtension).Select(static name => new ReplayWords(name!.Split(' '))).Select(static words => new FuzzCase(words["target"], words.Seed))];

    public void Dispose() => File.Delete(_path);
}
