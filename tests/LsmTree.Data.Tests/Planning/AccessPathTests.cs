using System.Globalization;
using System.Text;
using LsmTree.Data.Expressions;
using LsmTree.Data.Sessions;
using LsmTree.Data.Tests.Sessions;
using LsmTree.Data.Tests.Sql;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Planning;

/// <summary>
/// Whatever path the planner takes, the rows must be those of a plain filter. Each row stands in two tables: in <c>t</c> the compared columns are
/// the key, so conditions become keys and ranges; in <c>u</c> they are not, so the same conditions are tested row by row.
/// </summary>
public sealed class AccessPathTests
{
    private static readonly string[] Comparisons = ["=", "<", "<=", ">", ">=", "<>"];

    private static readonly Dictionary<string, string[]> Literals = new()
    {
        ["INTEGER"] = ["-2", "-1", "0", "1", "2", "3", "1.5", "-0.5", "2.0", "1e0", "3000000000", "-1e300", "CAST('NaN' AS DOUBLE)", "NULL", "'1'"],
        ["SMALLINT"] = ["-2", "0", "1", "2", "100000", "-100000", "0.1", "NULL"],
        ["UINT8"] = ["0", "1", "2", "-1", "300", "1.5", "NULL"],
        ["DOUBLE"] = ["-1.5", "0", "0.1", "1", "2.5", "1e300", "3", "CAST('NaN' AS DOUBLE)", "NULL"],
        ["DECIMAL"] = ["-1.5", "0.0", "0.1", "1.00", "2.5", "1e0", "0.1e0", "3", "CAST('NaN' AS DOUBLE)", "NULL"],
        ["TEXT"] = ["''", "'a'", "'ab'", "'b'", "'ä'", "'z'", "X'61'", "X'FF'", "NULL"],
        ["BLOB"] = ["X''", "X'61'", "X'6100'", "X'FF'", "X'FFFF'", "'a'", "NULL"],
        ["BOOLEAN"] = ["TRUE", "FALSE", "NULL"],
        ["DATE"] = ["DATE '2024-02-28'", "DATE '2024-02-29'", "TIMESTAMP '2024-02-28 12:00:00'", "'2024-03-01'", "NULL"],
        ["TIMESTAMPTZ"] = ["TIMESTAMPTZ '2024-02-28 12:00:00+02:00'", "TIMESTAMPTZ '2024-02-28 10:00:00+00:00'", "TIMESTAMP '2024-02-28 10:00:00'", "DATE '2024-02-29'", "NULL"],
        ["ANY"] = ["1", "1.0", "2.5", "'a'", "'ab'", "X'61'", "TRUE", "DATE '2024-02-28'", "-1", "CAST('NaN' AS DOUBLE)", "NULL"],
    };

    private static readonly Dictionary<string, string[]> Stored = new()
    {
        ["INTEGER"] = ["-2", "-1", "0", "1", "2", "3", "2147483647", "-2147483648"],
        ["SMALLINT"] = ["-2", "0", "1", "2", "32767", "-32768"],
        ["UINT8"] = ["0", "1", "2", "255"],
        ["DOUBLE"] = ["-1.5e0", "0", "0.1e0", "1", "2.5", "1e300"],
        ["DECIMAL"] = ["-1.5", "0", "0.1", "1.0", "2.50", "79228162514264337593543950335"],
        ["TEXT"] = ["''", "'a'", "'aa'", "'ab'", "'b'", "'ä'", "'a_b'"],
        ["BLOB"] = ["X''", "X'61'", "X'6100'", "X'00'", "X'FF'", "X'FFFF'"],
        ["BOOLEAN"] = ["TRUE", "FALSE"],
        ["DATE"] = ["DATE '2024-02-27'", "DATE '2024-02-28'", "DATE '2024-02-29'", "DATE '2024-03-01'"],
        ["TIMESTAMPTZ"] = ["TIMESTAMPTZ '2024-02-28 12:00:00+02:00'", "TIMESTAMPTZ '2024-02-28 11:00:00+00:00'", "TIMESTAMPTZ '2024-02-29 00:00:00+00:00'"],
        ["ANY"] = ["1", "2.5", "-1", "'a'", "'ab'", "X'6161'", "TRUE", "FALSE", "DATE '2024-02-28'", "TIMESTAMP '2024-02-29 00:00:00'"],
    };

    public static TheoryData<string, string, int> Keys
    {
        get
        {
            var data = new TheoryData<string, string, int>();
            var seed = 1;
            foreach (var first in Literals.Keys)
            {
                data.Add(first, "INTEGER", seed++);
                data.Add("TEXT", first, seed++);
            }

            data.Add("ANY", "ANY", seed);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_condition_on_the_key_gives_the_rows_that_a_filter_gives(string first, string second, int seed)
    {
        var random = new Random(seed);
        using var session = Session.Open(SqlScriptRunner.Memory($"paths {seed}"), new StoreRegistry(TimeProvider.System), CancellationToken.None);
        Fill(session, first, second);
        for (var round = 0; round < 80; round++)
        {
            var parameters = new ParameterSet();
            var condition = Condition(random, first, second, parameters, session);
            var order = random.Next(2) == 0 ? "a, b" : "a DESC, b DESC";
            var byKey = Read(session, $"SELECT a, b FROM t WHERE {condition} ORDER BY {order}", parameters);
            var byFilter = Read(session, $"SELECT a, b FROM u WHERE {condition} ORDER BY {order}", parameters);

            Assert.True(byKey == byFilter, $"seed {seed}, key ({first}, {second}), round {round}: {condition} ORDER BY {order}\nby key:\n{byKey}\nby filter:\n{byFilter}");
            Assert.Equal(Read(session, $"SELECT COUNT(*) FROM u WHERE {condition}", parameters), Read(session, $"SELECT COUNT(*) FROM t WHERE {condition}", parameters));
            Assert.Equal(Read(session, $"SELECT MIN(a), MAX(a) FROM u WHERE {condition}", parameters), Read(session, $"SELECT MIN(a), MAX(a) FROM t WHERE {condition}", parameters));
        }
    }

    private static void Fill(Session session, string first, string second)
    {
        session.Run($"CREATE TABLE t (a {first}, b {second}, PRIMARY KEY (a, b)); CREATE TABLE u (id INTEGER PRIMARY KEY, a {first}, b {second})");
        var rows = Stored[first].SelectMany(a => Stored[second].Select(b => (a, b))).ToArray();
        session.Run($"INSERT INTO t VALUES {string.Join(", ", rows.Select(static row => $"({row.a}, {row.b})"))}");
        session.Run($"INSERT INTO u VALUES {string.Join(", ", rows.Select(static (row, i) => $"({i}, {row.a}, {row.b})"))}");
    }

    private static string Condition(Random random, string first, string second, ParameterSet parameters, Session session)
    {
        var terms = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Term(random, first, second, parameters, session));
        return string.Join(" AND ", terms);
    }

    private static string Term(Random random, string first, string second, ParameterSet parameters, Session session)
    {
        var (column, type) = random.Next(5) < 3 ? ("a", first) : ("b", second);
        return random.Next(12) switch
        {
            0 => $"{column} BETWEEN {Value(type)} AND {Value(type)}",
            1 => $"{column} IN ({Value(type)}, {Value(type)}, {Value(type)})",
            2 => $"({string.Join(" OR ", Enumerable.Range(0, random.Next(2, 7)).Select(_ => random.Next(4) == 0 ? $"{column} IN ({Value(type)}, {Value(type)})" : $"{column} = {Value(type)}"))})",
            3 => $"(a, b) {Comparisons[random.Next(Comparisons.Length)]} ({Value(first)}, {Value(second)})",
            4 => $"(a, b) IN (({Value(first)}, {Value(second)}), ({Value(first)}, {Value(second)}))",
            5 when type is "TEXT" or "ANY" => $"{column} LIKE {new[] { "'a%'", "'%'", "'a'", "'_b%'", "''", "'a\\_%'", "NULL" }[random.Next(7)]}",
            6 => $"NOT ({column} {Comparisons[random.Next(Comparisons.Length)]} {Value(type)})",
            7 => $"{Value(type)} {Comparisons[random.Next(Comparisons.Length)]} {column}",
            _ => $"{column} {Comparisons[random.Next(Comparisons.Length)]} {Value(type)}",
        };

        string Value(string ofType)
        {
            var literal = Literals[ofType][random.Next(Literals[ofType].Length)];
            if (random.Next(2) == 0)
            {
                return literal;
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"p{parameters.Count}");
            using var rows = session.Execute(session.Prepare("SELECT " + literal), 0, ParameterSet.Empty, default).Rows!;
            rows.Read();
            rows.GetValue(0, out var value);
            parameters.Add(name, value.ToOwned());
            return "@" + name;
        }
    }

    private static string Read(Session session, string text, ParameterSet parameters)
    {
        var result = session.Execute(session.Prepare(text), 0, parameters, default);
        using var rows = result.Rows!;
        var found = new StringBuilder();
        while (rows.Read())
        {
            for (var i = 0; i < result.Columns.Count; i++)
            {
                rows.GetValue(i, out var value);
                found.Append(value.Type).Append(' ').Append(ExpressionText.Literal(value)).Append(i == result.Columns.Count - 1 ? '\n' : '|');
            }
        }

        return found.ToString();
    }
}
