using LsmTree.Data.Parsing.Generated;

namespace LsmTree.Crash.Tests.Fuzzing.Statements;

/// <summary>Statements of the dialect's own tests, the words of its grammar, and what parsers have choked on.</summary>
internal static class Vocabulary
{
    private static readonly string[] s_pieces =
    [
        " ", "(", ")", ",", ";", "'", "\"", "[", "]", "`", "/*", "*/", "--", "\n", "-", "+", "*", "/", "%", "||", "::", "=", "<>", "<=", "@p", "@q", "?", "?3", "$1", ":k", "@", "$",
        "0", "1", "1e", "1e5", "1e400", ".", "..", "X'00FF'", "X'", "''", "'a'", "99999999999999999999999999999999", "9223372036854775808", "-2147483648", "0.1", "1.",
        "\0", "\ud800", "\udc00", "😀", "é", "\u0130", "\u00a0", "\ufeff", "\u202e", "\uffff", "k", "v", "n", "t", "kv", "t.k", "kv.*", "*", "COUNT(", "SUM(n)", "LOWER(", "SUBSTR(v, 1, 2)",
        "DATE '2024-02-29'", "TIMESTAMP '", "UUID '", "INT", "DECIMAL(10, 2)", "EXCLUDED.v", "(1, 2)", "NULL", "LIKE 'a%'", "ESCAPE '!'",
    ];

    /// <summary>What a .sqltest file has after a line that begins with "query" or "statement", up to a line of dashes or an empty one.</summary>
    public static IReadOnlyList<string> Statements { get; } = [.. ReadStatements()];

    public static IReadOnlyList<string> Words { get; } =
    [
        .. Enumerable.Range(0, LsmSqlLexer.ruleNames.Length * 2)
            .Select(static type => LsmSqlLexer.DefaultVocabulary.GetSymbolicName(type))
            .Where(static name => name is { Length: > 1 } && name.All(char.IsAsciiLetterUpper)),
    ];

    /// <summary>A statement with some of its words and characters changed, or one made of words alone.</summary>
    public static string Draw(ref Dice dice)
    {
        if (dice.Once(8))
        {
            return string.Join(dice.Once(4) ? "" : " ", Enumerable.Range(0, 1 + dice.Below(20)).Select(ThrowsOf(dice.Next())));
        }

        var text = Statements[dice.Below(Statements.Count)];
        for (var times = dice.Below(4); times > 0; times--)
        {
            text = Change(text, ref dice);
        }

        return text;
    }

    /// <summary>Text that is meant to break out of where it stands.</summary>
    public static string Hostile(ref Dice dice)
    {
        var text = "";
        for (var times = 1 + dice.Below(6); times > 0; times--)
        {
            text += dice.Below(4) switch
            {
                0 => "'; DROP TABLE t; --",
                1 => Piece(ref dice),
                2 => new string((char)dice.Below(0x10000), 1),
                _ => "' OR '1' = '1",
            };
        }

        return text;
    }

    private static Func<int, string> ThrowsOf(ulong seed) => i =>
    {
        var dice = new Dice(seed + (ulong)i);
        return Piece(ref dice);
    };

    private static string Piece(ref Dice dice) => dice.Once(2) ? Words[dice.Below(Words.Count)] : s_pieces[dice.Below(s_pieces.Length)];

    private static string Change(string text, ref Dice dice)
    {
        var at = dice.Below(text.Length + 1);
        var length = dice.Below(Math.Min(12, text.Length - at) + 1);
        switch (dice.Below(7))
        {
            case 0:
                return text.Insert(at, Piece(ref dice));
            case 1:
                return text.Insert(at, $" {Piece(ref dice)} ");
            case 2:
                return text.Remove(at, length);
            case 3:
                return text.Insert(at, text.Substring(at, length));
            case 4:
                return text[..at] + (char)dice.Below(dice.Once(2) ? 0x80 : 0x10000) + text[Math.Min(text.Length, at + 1)..];
            case 5:
                var words = text.Split(' ');
                words[dice.Below(words.Length)] = Piece(ref dice);
                return string.Join(' ', words);
            default:
                var other = Statements[dice.Below(Statements.Count)];
                return text[..at] + other[dice.Below(other.Length + 1)..];
        }
    }

    private static IEnumerable<string> ReadStatements()
    {
        var assembly = typeof(Vocabulary).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(static name => name.EndsWith(".sqltest", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            string? statement = null;
            while (reader.ReadLine() is { } line)
            {
                if (line.StartsWith("query", StringComparison.Ordinal) || line.StartsWith("statement", StringComparison.Ordinal))
                {
                    statement = "";
                }
                else if (statement is not null && line is "" or "----")
                {
                    if (statement is { Length: > 0 })
                    {
                        yield return statement;
                    }

                    statement = null;
                }
                else if (statement is not null)
                {
                    statement += statement.Length == 0 ? line : "\n" + line;
                }
            }
        }
    }
}
