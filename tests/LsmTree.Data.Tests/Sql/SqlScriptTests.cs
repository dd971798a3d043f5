namespace LsmTree.Data.Tests.Sql;

/// <summary>Statements and what they give, as files that a person can read: see <see cref="SqlScriptRunner"/> for their form.</summary>
public sealed class SqlScriptTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Sql");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.sqltest").Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_script_gives_what_it_says(string file)
    {
        using var runner = new SqlScriptRunner(file);
        runner.Run(File.ReadAllLines(Path.Combine(Folder, file)));
    }
}
