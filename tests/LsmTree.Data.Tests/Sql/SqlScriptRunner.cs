using System.Globalization;
using System.Text;
using LsmTree.Data.Execution;
using LsmTree.Data.Sessions;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Tests.Sql;

/// <summary>Runs a .sqltest file: records separated by blank lines, each a statement with what must come of it.</summary>
/// <remarks>
/// <code>
/// # a comment
/// statement ok                 it succeeds
/// statement count 3            it changes three rows
/// statement error 23505 text   it fails with this SQLSTATE, and a message that contains the text (which may be left out)
/// query                        its rows follow after ----, values separated by |
/// query sorted                 the same, in any order
/// query columns                the first line after ---- is name:TYPE|name:TYPE
/// bind k = 'x', n = 5          parameters for the statements that follow, as SQL literals; "bind" alone removes them
/// session b                    the statements that follow run on another connection to the same store
/// </code>
/// NULL is NULL, bytes are X'00FF', a text is itself, an empty text is ''.
/// </remarks>
internal sealed class SqlScriptRunner : IDisposable
{
    private readonly StoreRegistry _registry = new(TimeProvider.System);
    private readonly Dictionary<string, Session> _sessions = [];
    private readonly ParameterSet _parameters = new();
    private readonly string _file;
    private Session _session;

    public SqlScriptRunner(string file)
    {
        _file = Path.GetFileName(file);
        _session = SessionOf("a");
    }

    public static SessionSettings Memory(string name) =>
        new(name, InMemory: true, OpenMode.ReadWriteCreate, Durability.Normal, TimeSpan.FromSeconds(5), Pooling: false, TimeSpan.Zero, null, null, null);

    public void Run(string[] lines)
    {
        var record = new List<string>();
        var first = 0;
        for (var i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && lines[i].StartsWith('#'))
            {
                continue;
            }

            if (i < lines.Length && lines[i].Length > 0)
            {
                first = record.Count == 0 ? i + 1 : first;
                record.Add(lines[i]);
            }
            else if (record.Count > 0)
            {
                RunRecord(record, first);
                record.Clear();
            }
        }
    }

    public void Dispose()
    {
        foreach (var session in _sessions.Values)
        {
            session.Dispose();
        }
    }

    private void RunRecord(List<string> record, int line)
    {
        var words = record[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words[0])
        {
            case "session":
                _session = SessionOf(words[1]);
                break;
            case "bind":
                Bind(record[0]["bind".Length..]);
                break;
            case "statement":
                RunStatement(words, string.Join('\n', record.Skip(1)), line);
                break;
            case "query":
                var divider = record.IndexOf("----");
                Assert.True(divider > 0, $"{_file}:{line}: a query needs ----");
                RunQuery(words.ElementAtOrDefault(1), string.Join('\n', record.Skip(1).Take(divider - 1)), [.. record.Skip(divider + 1)], line);
                break;
            default:
                Assert.Fail($"{_file}:{line}: unknown record '{record[0]}'");
                break;
        }
    }

    private void RunStatement(string[] words, string text, int line)
    {
        try
        {
            var affected = Execute(text, out _, out _);
            Assert.False(words[1] == "error", $"{_file}:{line}: succeeded, but {string.Join(' ', words)} was expected\n{text}");
            if (words[1] == "count")
            {
                Assert.True(affected.ToString(CultureInfo.InvariantCulture) == words[2], $"{_file}:{line}: changed {affected} rows, not {words[2]}\n{text}");
            }
        }
        catch (LsmException error)
        {
            var expected = string.Join(' ', words.Skip(3));
            Assert.True(
                words[1] == "error" && error.SqlState == words[2] && error.Message.Contains(expected, StringComparison.Ordinal),
                $"{_file}:{line}: {error.SqlState} {error.Message}, but {string.Join(' ', words)} was expected\n{text}\n{error.StackTrace}");
        }
    }

    private void RunQuery(string? mode, string text, List<string> expected, int line)
    {
        List<string> columns;
        List<string> rows;
        try
        {
            Execute(text, out columns, out rows);
        }
        catch (LsmException error)
        {
            Assert.Fail($"{_file}:{line}: {error.SqlState} {error.Message}\n{text}\n{error.StackTrace}");
            return;
        }

        if (mode == "columns")
        {
            rows.Insert(0, string.Join('|', columns));
        }
        else if (mode == "sorted")
        {
            rows.Sort(StringComparer.Ordinal);
            expected.Sort(StringComparer.Ordinal);
        }

        Assert.True(rows.SequenceEqual(expected), $"{_file}:{line}:\n{text}\nexpected:\n{string.Join('\n', expected)}\nfound:\n{string.Join('\n', rows)}");
    }

    /// <summary>Executes a whole text; the rows are those of its last statement that gives any.</summary>
    private int Execute(string text, out List<string> columns, out List<string> rows)
    {
        columns = [];
        rows = [];
        var affected = -1;
        var script = _session.Prepare(text);
        for (var i = 0; i < script.Count; i++)
        {
            var result = _session.Execute(script, i, _parameters, default);
            using var source = result.Rows;
            affected = result.RecordsAffected;
            Assert.Equal(script.GivesRows(i), source is not null);
            if (source is not null)
            {
                columns = [.. result.Columns.Select(static column => $"{column.Name}:{column.TypeText}")];
                rows = ReadAll(source, columns.Count);
            }
        }

        return affected;
    }

    private static List<string> ReadAll(IRowSource source, int columns)
    {
        var rows = new List<string>();
        var line = new StringBuilder();
        while (source.Read())
        {
            line.Clear();
            for (var i = 0; i < columns; i++)
            {
                source.GetValue(i, out var value);
                line.Append(i == 0 ? "" : "|").Append(Show(value));
            }

            rows.Add(line.ToString());
        }

        Assert.False(source.Read());
        return rows;
    }

    private static string Show(in SqlValue value) => value.Type switch
    {
        SqlType.Null => "NULL",
        SqlType.Blob => $"X'{Convert.ToHexString(value.AsSpan())}'",
        SqlType.Text when value.AsString().Length == 0 => "''",
        SqlType.Text => value.AsString(),
        _ => Conversion.Cast(value, SqlType.Text).AsString(),
    };

    private void Bind(string assignments)
    {
        _parameters.Clear();
        if (assignments.Trim().Length == 0)
        {
            return;
        }

        // The values are SQL, so SQL reads them.
        var parts = assignments.Split(", ");
        var script = _session.Prepare("SELECT " + string.Join(", ", parts.Select(static part => part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..])));
        using var rows = _session.Execute(script, 0, ParameterSet.Empty, default).Rows!;
        Assert.True(rows.Read());
        for (var i = 0; i < parts.Length; i++)
        {
            rows.GetValue(i, out var value);
            _parameters.Add(parts[i].Split('=')[0].Trim(), value.ToOwned());
        }
    }

    private Session SessionOf(string name)
    {
        if (!_sessions.TryGetValue(name, out var session))
        {
            _sessions.Add(name, session = Session.Open(Memory("script"), _registry, CancellationToken.None));
        }

        return session;
    }
}
