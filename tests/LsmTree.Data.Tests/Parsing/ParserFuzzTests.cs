using System.Text;
using LsmTree.Data.Parsing;

namespace LsmTree.Data.Tests.Parsing;

/// <summary>Whatever the text, the answer is statements or an <see cref="LsmException"/>; and what was understood, printed, is understood the same again.</summary>
public sealed class ParserFuzzTests
{
    private const int Rounds = 600;

    private static readonly string[] s_seeds =
    [
        "SELECT a.*, b AS x, COUNT(*), -1.5e3 || 'it''s' FROM kv AS a WHERE NOT (a, b) > (@p, :q) AND c IN (1, X'00', NULL) ORDER BY a DESC LIMIT 5 OFFSET 2;",
        "SELECT CASE a WHEN 1 THEN 'x' ELSE CAST(b AS DECIMAL(10, 2)) END FROM [my table] WHERE k BETWEEN 'a' AND 'b' OR k NOT LIKE 'p!%' ESCAPE '!' UNION ALL SELECT 1 -- end\n",
        "INSERT INTO kv (k, v) VALUES (?, ?2), (3, DATE '2024-02-29') ON CONFLICT (k) DO UPDATE SET v = EXCLUDED.v RETURNING *, k + 1 AS n",
        "UPSERT INTO kv VALUES (UUID '00112233-4455-6677-8899-aabbccddeeff', TIMESTAMPTZ '2024-02-29 01:02:03+01:00'); DELETE FROM kv WHERE 0 = 1",
        "CREATE TABLE IF NOT EXISTS t (a INT NOT NULL, b TIMESTAMP WITH TIME ZONE, PRIMARY KEY (a, b)); DROP TABLE IF EXISTS t; TRUNCATE TABLE t",
        "BEGIN; SAVEPOINT s; ROLLBACK TO SAVEPOINT s; RELEASE s; COMMIT; EXPLAIN ANALYZE UPDATE kv SET a = a + 1 WHERE b IS NOT NULL /* why /* not */ */",
        "SHOW COLUMNS FROM kv; COMPACT; FLUSH; CHECKPOINT TO 'dir'; VERIFY; SELECT * FROM kv WHERE k IN (SELECT @p WHERE 1 = 0)",
        "SELECT 1 FROM a JOIN b ON a.x = b.y GROUP BY a HAVING COUNT(DISTINCT b) > 1; WITH x AS (SELECT 1) SELECT (SELECT 2)",
    ];

    private static readonly string[] s_pieces =
    [
        "SELECT ", "FROM ", "WHERE ", "(", ")", ",", ";", "'", "\"", "[", "]", "`", "/*", "*/", "--", "\n", " NOT ", " - ", " AND ", " IN ", "CASE ", " END", "@", "?", "$1", ":",
        "1", "1e", "1e5", ".", "..", "X'", "\0", "\ud800", "\udc00", "😀", "é", "\u0130", "\u00a0", "99999999999999999999999999999999", " IS ", " BETWEEN ", " LIKE ", "||", "::", "*",
        " UNION ", " LIMIT ", "DATE '", " AS ", "t", "kv.", "COUNT(", "VALUES ", "INSERT INTO ", "ON CONFLICT ", " SET ",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_statements_parse_or_are_refused(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var text = new StringBuilder(s_seeds[random.Next(s_seeds.Length)]);
            for (var mutations = random.Next(1, 5); mutations > 0; mutations--)
            {
                Mutate(text, random);
            }

            AssertAnswered(text.ToString(), seed, round);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Random_pieces_parse_or_are_refused(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => s_pieces[random.Next(s_pieces.Length)]));
            AssertAnswered(text, seed, round);
        }
    }

    [Theory]
    [InlineData(6)]
    public void Random_characters_parse_or_are_refused(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var widest = random.Next(3) switch { 0 => 128, 1 => 0x3000, _ => 0x10000 };
            AssertAnswered(string.Create(random.Next(60), (random, widest), static (text, source) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = (char)source.random.Next(source.widest);
                }
            }), seed, round);
        }
    }

    [Fact]
    public void Every_prefix_and_every_gap_of_a_statement_is_answered()
    {
        foreach (var text in s_seeds)
        {
            for (var i = 0; i <= text.Length; i++)
            {
                AssertAnswered(text[..i], 0, i);
                AssertAnswered(text.Remove(i, Math.Min(3, text.Length - i)), 0, i);
            }
        }
    }

    private static void Mutate(StringBuilder text, Random random)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(random.Next(1, 8), text.Length - at);
        switch (random.Next(5))
        {
            case 0:
                text.Insert(at, s_pieces[random.Next(s_pieces.Length)]);
                break;
            case 1:
                text.Remove(at, length);
                break;
            case 2:
                text.Insert(at, text.ToString(at, length));
                break;
            case 3 when at < text.Length:
                text[at] = (char)random.Next(0x10000);
                break;
            default:
                var other = s_seeds[random.Next(s_seeds.Length)];
                var from = random.Next(other.Length);
                text.Insert(at, other.AsSpan(from, Math.Min(random.Next(1, 40), other.Length - from)));
                break;
        }
    }

    private static void AssertAnswered(string text, int seed, int round)
    {
        string printed;
        try
        {
            printed = SyntaxPrinter.Print(SqlParser.Parse(text));
        }
        catch (LsmException error)
        {
            Assert.True(error.Line > 0 && error.Column > 0, $"no place in '{error.Message}' (seed {seed}, round {round})");
            return;
        }
        catch (Exception error)
        {
            Assert.Fail($"seed {seed}, round {round}, text '{text}': {error}");
            return;
        }

        var again = SyntaxPrinter.Print(SqlParser.Parse(printed));
        Assert.True(printed == again, $"seed {seed}, round {round}: '{text}' prints as '{printed}', which prints as '{again}'");
    }
}
