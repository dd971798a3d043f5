using System.Globalization;
using System.Text;
using LsmTree.Cli.Results;
using LsmTree.Cli.Statements;
using LsmTree.Cli.Texts;
using LsmTree.Data;

namespace LsmTree.Cli.Shells;

/// <summary>The key-value face of the shell: get, put, delete and scan on the table <c>kv</c>, which every store has.</summary>
/// <remarks>
/// A database made by SQL has <c>kv (k ANY, v ANY)</c>: words are stored as text. A store made by the key-value API opens as
/// <c>kv (k BLOB, v BLOB)</c>: words are stored as their UTF-8 bytes. Bytes that are no text are written <c>x'0aff'</c> in both.
/// </remarks>
internal sealed class KeyCommands
{
    private const int DefaultLimit = 100;

    private readonly LsmConnection _connection;
    private readonly StatementRunner _statements;
    private readonly IResultWriter _writer;
    private readonly bool _isRaw;

    public KeyCommands(LsmConnection connection, StatementRunner statements, IResultWriter writer)
    {
        _connection = connection;
        _statements = statements;
        _writer = writer;
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT k FROM kv LIMIT 0";
        using var reader = command.ExecuteReader();
        _isRaw = reader.GetFieldType(0) == typeof(byte[]);
    }

    public void Get(DotCommand command)
    {
        command.Expect(1, 1, ".get KEY");
        using var select = _connection.CreateCommand();
        select.CommandText = "SELECT v FROM kv WHERE k = @k";
        select.Parameters.Add(new LsmParameter("@k", ToValue(command.Arguments[0])));
        using var reader = select.ExecuteReader();
        _writer.Note(reader.Read() ? ToText(reader.GetValue(0)) : "(no such key)");
    }

    public void Put(DotCommand command)
    {
        command.Expect(2, 2, ".put KEY VALUE");
        _statements.Run("UPSERT INTO kv (k, v) VALUES (@k, @v)", ("@k", ToValue(command.Arguments[0])), ("@v", ToValue(command.Arguments[1])));
    }

    public void Delete(DotCommand command)
    {
        command.Expect(1, 1, ".delete KEY");
        _statements.Run("DELETE FROM kv WHERE k = @k", ("@k", ToValue(command.Arguments[0])));
    }

    public void Scan(DotCommand command)
    {
        command.Expect(0, 3, ".scan [FROM [TO]] [LIMIT]");
        var words = command.Arguments.ToList();
        var limit = DefaultLimit;
        if (words.Count > 0 && int.TryParse(words[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var given))
        {
            limit = given;
            words.RemoveAt(words.Count - 1);
        }

        if (words.Count > 2)
        {
            throw new ArgumentException("usage: .scan [FROM [TO]] [LIMIT], where LIMIT is a number");
        }

        using var select = _connection.CreateCommand();
        var conditions = new List<string>();
        AddBound(">=", "@from", 0);
        AddBound("<", "@to", 1);
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        select.CommandText = string.Create(CultureInfo.InvariantCulture, $"SELECT k, v FROM kv{where} ORDER BY k LIMIT {limit}");

        using var reader = select.ExecuteReader();
        _writer.Begin(["k", "v"]);
        while (reader.Read())
        {
            _writer.Row([ToText(reader.GetValue(0)), reader.IsDBNull(1) ? null : ToText(reader.GetValue(1))]);
        }

        _writer.End();

        void AddBound(string comparison, string name, int word)
        {
            if (word < words.Count)
            {
                conditions.Add($"k {comparison} {name}");
                select.Parameters.Add(new LsmParameter(name, ToValue(words[word])));
            }
        }
    }

    private object ToValue(string word)
    {
        if (word.Length >= 3 && word[0] is 'x' or 'X' && word[1] == '\'' && word[^1] == '\'')
        {
            try
            {
                return Convert.FromHexString(word.AsSpan(2, word.Length - 3));
            }
            catch (FormatException malformed)
            {
                throw new ArgumentException($"{word} is not hexadecimal: write two digits for each byte, as in x'0aff'.", malformed);
            }
        }

        return _isRaw ? Encoding.UTF8.GetBytes(word) : word;
    }

    private static string ToText(object value) => value switch
    {
        DBNull => "NULL",
        byte[] bytes => ValueText.OfReadableBytes(bytes),
        _ => ValueText.Of(value),
    };
}
