using System.Security.Cryptography;
using System.Text;

namespace LsmTree.Data.Tests.Parsing;

/// <summary>The committed parser is the one that the committed grammar makes.</summary>
public sealed class GrammarFreshnessTests
{
    [Fact]
    public void The_generated_files_carry_the_hash_of_the_grammar()
    {
        var root = Root();
        var grammar = string.Concat(((string[])["LsmSqlLexer.g4", "LsmSqlParser.g4"]).Select(name => File.ReadAllText(Path.Combine(root, "grammar", name))));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(grammar.Replace("\r", "", StringComparison.Ordinal))));

        Assert.True(File.ReadAllText(Path.Combine(root, "grammar", "grammar.sha256")).Trim() == hash, "The grammar has changed: run grammar/generate.sh and commit what it writes.");
        foreach (var name in (string[])["LsmSqlLexer.g.cs", "LsmSqlParser.g.cs"])
        {
            var lines = File.ReadLines(Path.Combine(root, "src", "LsmTree.Data", "Parsing", "Generated", name)).Take(4);
            Assert.True(lines.Contains($"// Grammar: {hash}"), $"{name} was made from another grammar: run grammar/generate.sh and commit what it writes.");
        }
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "LsmTree.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException("No LsmTree.sln above the tests.");
        }

        return directory.FullName;
    }
}
