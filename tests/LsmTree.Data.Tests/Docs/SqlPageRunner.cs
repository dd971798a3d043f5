using System.Globalization;

namespace LsmTree.Data.Tests.Docs;

/// <summary>Runs the SQL of a page from top to bottom in one store, and compares what it gives with what the page shows.</summary>
/// <remarks>
/// A block <c>```sql</c> holds statements, each ended by a semicolon at the end of a line. A comment after the semicolon that begins with
/// <c>error</c> and a SQLSTATE says that the statement fails so. A block <c>```text</c> right after it is the result of the last of them: names and rows, with bars
/// between the values.
/// </remarks>
internal sealed class SqlPageRunner(string page) : IDisposable
{
    private readonly LsmConnection _connection = Ado.Memory.Open();

    public int Statements { get; private set; }

    public void Run(IEnumerable<MarkdownBlock> blocks)
    {
        List<string>? result = null;
        foreach (var block in blocks)
        {
            if (block.Language == "sql")
            {
                result = RunBlock(block);
            }
            else if (block.Language == "text" && result is not null)
            {
                var expected = block.Lines.Where(static line => line.Trim('-', '+', ' ').Length > 0).Select(Normalized).ToArray();
                Assert.True(expected.SequenceEqual(result), $"{page}:{block.Line}: shows\n{string.Join('\n', expected)}\nbut the statement gives\n{string.Join('\n', result)}");
                result = null;
            }
        }
    }

    /// <summary>Statements as a person types them, without blocks around them.</summary>
    public void RunStatement(string text, int line, string? error = null)
    {
        _ = Execute(text, line, error);
    }

    public void Dispose() => _connection.Dispose();

    private static string Normalized(string line) => string.Join(" | ", line.Split('|', StringSplitOptions.TrimEntries));

    private List<string>? RunBlock(MarkdownBlock block)
    {
        List<string>? result = null;
        var statement = new List<string>();
        for (var i = 0; i < block.Lines.Length; i++)
        {
            var (code, comment) = Split(block.Lines[i]);
            statement.Add(code);
            if (!code.TrimEnd().EndsWith(';'))
            {
                continue;
            }

            var error = comment.StartsWith("error ", StringComparison.Ordinal) ? comment.Split(' ')[1].TrimEnd(':') : null;
            result = Execute(string.Join('\n', statement), block.Line + i + 1, error) ?? result;
            statement.Clear();
        }

        Assert.True(statement.TrueForAll(string.IsNullOrWhiteSpace), $"{page}:{block.Line}: the last statement has no semicolon");
        return result;
    }

    private static (string Code, string Comment) Split(string line)
    {
        var comment = line.IndexOf("-- ", StringComparison.Ordinal);
        return comment < 0 ? (line, "") : (line[..comment], line[(comment + 3)..].Trim());
    }

    private List<string>? Execute(string text, int line, string? expectedError)
    {
        Statements++;
        try
        {
            using var command = new LsmCommand(text, _connection);
            using var reader = command.ExecuteReader();
            var rows = reader.FieldCount == 0 ? null : ReadAll(reader);
            Assert.True(expectedError is null, $"{page}:{line}: succeeded, but the page says error {expectedError}\n{text}");
            return rows;
        }
        catch (LsmException error)
        {
            Assert.True(error.SqlState == expectedError, $"{page}:{line}: {error.SqlState} {error.Message}\n{text}");
            return null;
        }
    }

    private static List<string> ReadAll(LsmDataReader reader)
    {
        var columns = Enumerable.Range(0, reader.FieldCount).ToArray();
        List<string> rows = [string.Join(" | ", columns.Select(reader.GetName))];
        while (reader.Read())
        {
            rows.Add(string.Join(" | ", columns.Select(i => Show(reader, i))));
        }

        return rows;
    }

    private static string Show(LsmDataReader reader, int ordinal) => reader.GetValue(ordinal) switch
    {
        DBNull => "NULL",
        bool truth => truth ? "true" : "false",
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        DateTime date when reader.GetDataTypeName(ordinal) == "DATE" => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
