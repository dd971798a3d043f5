using System.Globalization;

namespace LsmTree.Architecture.Tests;

/// <summary>docs/traps.md names tests; they must be there.</summary>
public sealed class TrapTests
{
    private const int Traps = 64;

    [Fact]
    public void Every_trap_has_a_test_that_exists_or_a_reason_why_it_does_not_apply()
    {
        var tests = TestNames();
        var rows = Rows().ToList();
        var problems = new List<string>();
        if (!rows.Select(static row => row.Number).SequenceEqual(Enumerable.Range(1, Traps)))
        {
            problems.Add($"The traps must be numbered from 1 to {Traps}, each once and in order; they are {string.Join(' ', rows.Select(static row => row.Number))}.");
        }

        foreach (var (number, answer) in rows)
        {
            // What stands between backquotes.
            var named = answer.Split('`').Where(static (_, index) => index % 2 == 1).ToList();
            if (named.Count == 0 && !answer.TrimStart().StartsWith("Does not apply: ", StringComparison.Ordinal))
            {
                problems.Add($"Trap {number} names no test and does not say why it does not apply.");
            }

            problems.AddRange(named.Where(name => !tests.Contains(name)).Select(name => $"Trap {number} names {name}, and there is no such test: rename it in docs/traps.md, or bring it back."));
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public void Every_bug_that_the_proofs_have_found_has_a_test_that_exists()
    {
        var tests = TestNames();
        var found = File.ReadLines(Path.Combine(Repository.Root, "docs", "traps.md")).SkipWhile(static line => line != "## Found by the proofs").Where(static line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        Assert.True(found.Count > 5, "The table is gone.");
        Assert.All(found, line =>
        {
            var named = line.Split('|')[3].Split('`').Where(static (_, index) => index % 2 == 1).ToList();
            Assert.NotEmpty(named);
            Assert.All(named, name => Assert.Contains(name, tests));
        });
    }

    private static IEnumerable<(int Number, string Answer)> Rows()
    {
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "docs", "traps.md")))
        {
            var cells = line.Split('|');
            if (cells.Length == 5 && int.TryParse(cells[1], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number))
            {
                yield return (number, cells[3]);
            }
        }
    }

    /// <summary>"Class.Method" of every method with a Fact or Theory in the sources under tests; a file is named like its class.</summary>
    private static HashSet<string> TestNames()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Repository.SourceFiles("tests"))
        {
            var isTest = false;
            foreach (var line in file.Lines.Select(static line => line.Trim()))
            {
                isTest |= line.StartsWith("[Fact", StringComparison.Ordinal) || line.StartsWith("[Theory", StringComparison.Ordinal);
                if (isTest && line.StartsWith("public ", StringComparison.Ordinal) && line.Contains('('))
                {
                    names.Add($"{file.FileName}.{line[..line.IndexOf('(')].Split(' ')[^1]}");
                    isTest = false;
                }
            }
        }

        return names;
    }
}
