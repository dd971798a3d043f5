using LsmTree.Cli.Terminals;

namespace LsmTree.Cli.Tests;

/// <summary>Runs the command in this process, on a directory that goes away with the fixture.</summary>
internal sealed class CommandFixture : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lsmtree-cli-").FullName;

    /// <summary>The directory of the store.</summary>
    public string Store => PathOf("db");

    public string PathOf(string name) => Path.Combine(_root, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    public Outcome Run(params string[] args) => RunWithInput("", args);

    public Outcome RunWithInput(string input, params string[] args)
    {
        using var reader = new StringReader(input);
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var status = CommandLine.Run(args, new Terminal(reader, output, error));
        return new Outcome(status, output.ToString(), error.ToString());
    }

    /// <summary>Runs statements that must succeed, and gives their rows as tab-separated values without the header.</summary>
    public string[] Rows(string sql)
    {
        var outcome = Run(Store, sql, "--format", "tsv");
        Assert.True(outcome.Status == 0, outcome.Error);
        return [.. outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    internal sealed record Outcome(int Status, string Output, string Error);
}
