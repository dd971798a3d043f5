using System.Globalization;
using LsmTree.Data.Parsing;

namespace LsmTree.Data.Tests.Parsing;

/// <summary>What the parser learns stays bounded, and parsing is safe from many threads.</summary>
public sealed class PredictionCacheTests
{
    [Fact]
    public void Ever_new_shapes_teach_ever_less()
    {
        var random = new Random(7);
        for (var i = 0; i < 1_000; i++)
        {
            SqlParser.Parse(Shape(random, 2));
        }

        var cache = PredictionCache.Current;
        var states = cache.States;
        for (var i = 0; i < 2_000; i++)
        {
            SqlParser.Parse(Shape(random, 2));
        }

        // Other tests parse at the same time: what all of them teach is far below the bound too.
        Assert.Same(cache, PredictionCache.Current);
        Assert.InRange(cache.States, states, PredictionCache.MaxStates / 4);
    }

    [Fact]
    public void A_cache_that_has_learned_too_much_is_replaced_and_nobody_notices()
    {
        const string Text = "SELECT 1 + 2 > a";
        SqlParser.Parse(Text);
        var learned = PredictionCache.Current;

        learned.ReplaceWhenLargerThan(learned.States + 1_000);
        Assert.Same(learned, PredictionCache.Current);
        learned.ReplaceWhenLargerThan(1);
        Assert.NotSame(learned, PredictionCache.Current);

        // A parser that still runs on the old one does not replace the new one.
        var fresh = PredictionCache.Current;
        learned.ReplaceWhenLargerThan(1);
        Assert.Same(fresh, PredictionCache.Current);
        Assert.Equal("SELECT ((1 + 2) > a)", SyntaxPrinter.Print(SqlParser.Parse(Text)));
        Assert.InRange(fresh.States, 1, PredictionCache.MaxStates);
    }

    [Fact]
    public void Threads_parse_side_by_side()
    {
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, 4).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 100; i++)
            {
                var text = Shape(random, 3);
                if (Record.Exception(() => Assert.Equal(SyntaxPrinter.Print(SqlParser.Parse(text)), SyntaxPrinter.Print(SqlParser.Parse(text)))) is { } failure)
                {
                    failures.Enqueue(failure);
                }
            }
        })).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        Assert.Empty(failures);
    }

    private static string Shape(Random random, int depth)
    {
        var items = string.Join(", ", Enumerable.Range(0, random.Next(1, 4)).Select(_ => Expression(random, depth)));
        return random.Next(4) switch
        {
            0 => $"UPDATE t SET a = {Expression(random, depth)} WHERE {Expression(random, depth)} RETURNING {items}",
            1 => $"INSERT INTO t (a) VALUES ({Expression(random, depth)}) ON CONFLICT DO NOTHING",
            2 => $"SELECT {items} FROM t WHERE {Expression(random, depth)} ORDER BY {items} LIMIT {random.Next(9)}",
            _ => $"SELECT {items} UNION ALL SELECT {items}",
        };
    }

    private static string Expression(Random random, int depth) => depth == 0
        ? random.Next(6) switch { 0 => "a", 1 => "t.b", 2 => "'x'", 3 => random.Next(100).ToString(CultureInfo.InvariantCulture), 4 => "@p", _ => "DATE '2024-01-01'" }
        : random.Next(11) switch
        {
            0 => $"({Expression(random, depth - 1)})",
            1 => $"({Expression(random, depth - 1)}) + ({Expression(random, depth - 1)})",
            2 => $"({Expression(random, depth - 1)}) = ({Expression(random, depth - 1)})",
            3 => $"NOT {Expression(random, depth - 1)}",
            4 => $"({Expression(random, depth - 1)}) IN ({Expression(random, depth - 1)}, 1)",
            5 => $"CASE WHEN {Expression(random, depth - 1)} THEN {Expression(random, depth - 1)} END",
            6 => $"f({Expression(random, depth - 1)}, {Expression(random, depth - 1)})",
            7 => $"CAST({Expression(random, depth - 1)} AS TEXT)",
            8 => $"({Expression(random, depth - 1)}) BETWEEN 1 AND ({Expression(random, depth - 1)})",
            9 => $"{Expression(random, depth - 1)} AND {Expression(random, depth - 1)}",
            _ => $"({Expression(random, depth - 1)}) LIKE 'a' OR {Expression(random, depth - 1)} IS NULL",
        };
}
