using System.Globalization;

namespace LsmTree.Data.Tests.Ado;

public sealed class ExplainAnalyzeTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open();

    public ExplainAnalyzeTests()
    {
        _connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
        for (var id = 0; id < 500; id++)
        {
            _connection.Execute($"INSERT INTO t VALUES ({id}, 'value {id}')");
        }

        _connection.Execute("DELETE FROM t WHERE id BETWEEN 100 AND 109");
        _connection.Execute("FLUSH");
    }

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void A_statement_is_told_what_it_cost_itself()
    {
        var point = Analyze("SELECT v FROM t WHERE id = 7");
        Assert.Equal((1, 1, 1), (point["rows"], point["lookups"], point["tables asked"]));
        Assert.Equal((1, 0), (point["filter probes"], point["filter rejections"]));
        Assert.Equal(1, point["block cache hits"] + point["blocks read"]);
        Assert.Equal(point["blocks read"], point["file reads"]);

        var absent = Analyze("SELECT v FROM t WHERE id = 100");
        Assert.Equal((0, 1), (absent["rows"], absent["lookups"]));

        var scan = Analyze("SELECT v FROM t");
        Assert.Equal((490, 490), (scan["rows"], scan["rows read"]));
        Assert.True(scan["block cache hits"] + scan["blocks read"] >= 2);

        _connection.Execute("DELETE FROM t WHERE id = 200");
        Assert.Equal((2, 1), (Analyze("SELECT v FROM t")["skipped entries"], Analyze("SELECT v FROM t")["skipped tombstones"]));
    }

    [Fact]
    public void What_others_read_meanwhile_does_not_show()
    {
        Analyze("SELECT v FROM t"); // every block is cached from here on
        string[] statements = ["SELECT v FROM t WHERE id = 7", "SELECT v FROM t", "SELECT v FROM t WHERE id IN (1, 2, 300)"];
        var alone = statements.Select(Analyze).ToList();
        var store = _connection.Store;
        using var stop = new CancellationTokenSource();
        var reads = 0L;
        var other = new Thread(() =>
        {
            var key = new byte[1];
            while (!stop.IsCancellationRequested)
            {
                store.Contains(key);
                using var cursor = store.CreateCursor();
                cursor.SeekToFirst();
                Interlocked.Increment(ref reads);
            }
        });
        other.Start();
        try
        {
            var end = Interlocked.Read(ref reads) + 200;
            while (Interlocked.Read(ref reads) < end)
            {
                for (var i = 0; i < statements.Length; i++)
                {
                    Assert.Equal(alone[i], Analyze(statements[i]));
                }
            }
        }
        finally
        {
            stop.Cancel();
            other.Join();
        }
    }

    private Dictionary<string, long> Analyze(string statement)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "EXPLAIN ANALYZE " + statement;
        using var reader = command.ExecuteReader();
        var lines = new Dictionary<string, long>();
        while (reader.Read())
        {
            if (long.TryParse(reader.GetString(1), CultureInfo.InvariantCulture, out var count))
            {
                lines[reader.GetString(0)] = count;
            }
        }

        return lines;
    }
}
