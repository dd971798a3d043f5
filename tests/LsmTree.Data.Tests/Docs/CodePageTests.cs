namespace LsmTree.Data.Tests.Docs;

/// <summary>The C# of the pages: every block stands, line for line, in code that is compiled and run by a test.</summary>
public sealed class CodePageTests
{
    private static readonly Lazy<string[][]> s_code = new(static () =>
    [
        .. Directory.GetFiles(Path.Combine(MarkdownPage.Root, "tests", "LsmTree.Data.Tests", "Docs"), "*.cs")
            .Concat(Directory.GetFiles(Path.Combine(MarkdownPage.Root, "samples"), "*.cs", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(static file => Significant(File.ReadAllLines(file))),
    ]);

    public static TheoryData<string, int> Blocks
    {
        get
        {
            var blocks = new TheoryData<string, int>();
            foreach (var page in (string[])["README.md", "docs/adonet.md"])
            {
                foreach (var block in MarkdownPage.Read(page).Blocks().Where(static block => block.Language == "csharp"))
                {
                    blocks.Add(page, block.Line);
                }
            }

            return blocks;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_block_is_code_that_a_test_runs(string page, int line)
    {
        var block = MarkdownPage.Read(page).Blocks().Single(block => block.Line == line);
        if (block.Before.StartsWith("<!-- not run: ", StringComparison.Ordinal))
        {
            Assert.Skip(block.Before);
        }

        var wanted = Significant(block.Lines);
        var imports = wanted.TakeWhile(IsImport).Where(static import => import != "using LsmTree.Data;").ToArray(); // tests are inside that namespace
        var body = wanted.SkipWhile(IsImport).ToArray();
        Assert.True(
            s_code.Value.Any(file => imports.All(file.Contains) && Contains(file, body)),
            $"{page}:{line}: no file of tests/LsmTree.Data.Tests/Docs or samples has these lines one after another. Write them into PageSamples.cs, so that they are compiled and run.");
    }

    private static bool Contains(string[] file, string[] body)
    {
        for (var start = 0; start + body.Length <= file.Length; start++)
        {
            if (file.AsSpan(start, body.Length).SequenceEqual(body))
            {
                return true;
            }
        }

        return false;
    }

    private static string[] Significant(string[] lines) => [.. lines.Select(static line => line.Trim()).Where(static line => line.Length > 0)];

    private static bool IsImport(string line) => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=', StringComparison.Ordinal) && !line.Contains('(', StringComparison.Ordinal);
}
