using System.Text;

namespace LsmTree.Data.Differential.Statements;

/// <summary>A statement written for one database: its text, and the parameters @p0, @p1, … that go with it.</summary>
internal sealed class RenderedText
{
    private readonly StringBuilder _text = new();
    private readonly List<object> _parameters = [];
    private readonly Dialect _dialect;

    private RenderedText(Dialect dialect) => _dialect = dialect;

    public string Text => _text.ToString();

    public IReadOnlyList<object> Parameters => _parameters;

    public static RenderedText Of(Sql sql, Dialect dialect)
    {
        var rendered = new RenderedText(dialect);
        rendered.Append(sql);
        return rendered;
    }

    public override string ToString()
    {
        var parameters = string.Join(", ", _parameters.Select(static (value, i) => $"@p{i} = {(value is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture))} ({value.GetType().Name})"));
        return parameters.Length == 0 ? Text : $"{Text}   -- {parameters}";
    }

    private void Append(Sql sql)
    {
        foreach (var part in sql.Parts)
        {
            switch (part)
            {
                case Words words:
                    _text.Append(words.Text);
                    break;
                case TypeName type:
                    _text.Append(Kinds.NameOf(type.Kind, _dialect));
                    break;
                case Spelling spelling:
                    Append(spelling.In(_dialect));
                    break;
                case Value { Content: not null, IsParameter: true } value:
                    _text.Append("@p").Append(_parameters.Count.ToString(CultureInfo.InvariantCulture));
                    _parameters.Add(_dialect == Dialect.Sqlite ? AsSqliteParameter(value.Content) : value.Content);
                    break;
                case Value value:
                    AppendLiteral(value);
                    break;
            }
        }
    }

    private void AppendLiteral(Value value)
    {
        if (_dialect == Dialect.Sqlite && value.Content is not null && AsSqliteText(value.Content) is { } moment)
        {
            _text.Append('\'').Append(moment).Append('\'');
            return;
        }

        _text.Append(value.Content switch
        {
            null => "NULL",
            double number => FloatLiteral(number),
            string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            byte[] bytes => _dialect == Dialect.Postgres ? $"'\\x{Convert.ToHexString(bytes)}'::bytea" : $"X'{Convert.ToHexString(bytes)}'",
            bool truth => truth ? "TRUE" : "FALSE",
            Guid uuid => $"UUID '{uuid}'",
            DateOnly or TimeOnly or DateTime => $"{Kinds.NameOf(value.Kind, _dialect)} '{AsSqliteText(value.Content)}'",
            _ => Number(value.Content),
        });
    }

    private string FloatLiteral(double number) => _dialect == Dialect.Postgres ? $"({Number(number)}::float8)"
        : Number(number, number.ToString(CultureInfo.InvariantCulture).Contains('E', StringComparison.Ordinal) ? "" : "e0");

    /// <summary>A sign binds to what follows it: in parentheses it goes with its number in every place.</summary>
    private static string Number(object number, string suffix = "")
    {
        var text = Convert.ToString(number, CultureInfo.InvariantCulture) + suffix;
        return text[0] == '-' ? $"({text})" : text;
    }

    /// <summary>The client of SQLite would send a decimal as text, which is greater than every number.</summary>
    private static object AsSqliteParameter(object content) => content is decimal number ? (double)number : AsSqliteText(content) ?? content;

    private static string? AsSqliteText(object content) => content switch
    {
        Guid uuid => uuid.ToString(),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        _ => null,
    };
}
