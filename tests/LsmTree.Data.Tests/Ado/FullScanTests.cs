using System.Data;

namespace LsmTree.Data.Tests.Ado;

/// <summary><c>Allow Full Scan=false</c>: what is refused, what is not, and what the error says.</summary>
public sealed class FullScanTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open(";Allow Full Scan=false");

    public FullScanTests()
    {
        _connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)");
        _connection.Execute("CREATE TABLE w (word TEXT, n INTEGER, PRIMARY KEY (word, n))");
        _connection.Execute("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, NULL)");
        _connection.Execute("INSERT INTO w VALUES ('a', 1), ('ab', 2), ('b', 3)");
    }

    [Theory]
    [InlineData("SELECT * FROM t")]
    [InlineData("SELECT * FROM t ORDER BY id DESC")]
    [InlineData("SELECT name FROM t WHERE name = 'a'")]
    [InlineData("SELECT name FROM t WHERE name = 'a' LIMIT 1")]
    [InlineData("SELECT name FROM t ORDER BY name LIMIT 1")]
    [InlineData("SELECT name FROM t LIMIT @null")]
    [InlineData("SELECT name FROM t OFFSET 1")]
    [InlineData("SELECT COUNT(*) FROM t")]
    [InlineData("SELECT COUNT(*) FROM t LIMIT 1")]
    [InlineData("SELECT MAX(name) FROM t")]
    [InlineData("SELECT MAX(id), COUNT(*) FROM t")]
    [InlineData("SELECT MAX(id) FROM t WHERE name = 'a'")]
    [InlineData("SELECT id FROM t WHERE id = 1 UNION ALL SELECT id FROM t")]
    [InlineData("SELECT id FROM t UNION SELECT id FROM t LIMIT 1")]
    [InlineData("SELECT id FROM t WHERE id = 1 OR name = 'b'")]
    [InlineData("SELECT id FROM t WHERE id + 1 = 2")]
    [InlineData("SELECT id FROM t WHERE @yes = TRUE")]
    [InlineData("SELECT word FROM w WHERE n = 1")]
    [InlineData("SELECT word FROM w WHERE word LIKE '%b'")]
    [InlineData("SELECT word FROM w WHERE word LIKE '%'")]
    [InlineData("SELECT word FROM w WHERE word LIKE @anything")]
    [InlineData("UPDATE t SET name = 'x'")]
    [InlineData("UPDATE t SET name = 'x' WHERE name IS NULL")]
    [InlineData("DELETE FROM t")]
    [InlineData("DELETE FROM t WHERE name = 'a' RETURNING id")]
    [InlineData("EXPLAIN ANALYZE SELECT * FROM t")]
    [InlineData("EXPLAIN ANALYZE DELETE FROM t")]
    public async Task A_statement_that_reads_every_row_is_refused(string text)
    {
        using var command = Command(text);
        var error = Assert.Throws<LsmException>(() => command.ExecuteNonQuery());
        Assert.Equal(LsmErrorCode.FullScanRefused, error.Code);
        Assert.Equal("53400", error.SqlState);
        Assert.False(error.IsTransient);
        Assert.Throws<LsmException>(() => command.ExecuteReader());
        Assert.Throws<LsmException>(() => command.ExecuteScalar());
        Assert.Equal("53400", (await Assert.ThrowsAsync<LsmException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))).SqlState);
        using var batch = _connection.CreateBatch();
        batch.BatchCommands.Add(new LsmBatchCommand("INSERT INTO t VALUES (9, 'batch')"));
        batch.BatchCommands.Add(new LsmBatchCommand("DELETE FROM t"));
        Assert.Equal("53400", Assert.Throws<LsmException>(() => batch.ExecuteNonQuery()).SqlState);
        Assert.Equal(DBNull.Value, _connection.Scalar("SELECT name FROM t WHERE id = 3"));
        Assert.Null(_connection.Scalar("SELECT name FROM t WHERE id = 9"));
    }

    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("SELECT * FROM t WHERE id = 1")]
    [InlineData("SELECT * FROM t WHERE id IN (1, 3)")]
    [InlineData("SELECT * FROM t WHERE id > 1 AND name = 'b'")]
    [InlineData("SELECT * FROM t WHERE 1 = 0")]
    [InlineData("SELECT * FROM t LIMIT 2")]
    [InlineData("SELECT * FROM t ORDER BY id DESC LIMIT 2 OFFSET 1")]
    [InlineData("SELECT id FROM t UNION ALL SELECT id FROM t LIMIT 1")]
    [InlineData("SELECT MIN(id), MAX(id) FROM t")]
    [InlineData("SELECT COUNT(*) FROM t WHERE id < 3")]
    [InlineData("SELECT word FROM w WHERE word = 'a'")]
    [InlineData("SELECT word FROM w WHERE word LIKE 'a%'")]
    [InlineData("SELECT word FROM w WHERE word LIKE @a")]
    [InlineData("SELECT word FROM w WHERE word LIKE @null")]
    [InlineData("SELECT word FROM w WHERE word LIKE '%b' AND word LIKE 'a%'")]
    [InlineData("SELECT word FROM w WHERE (word, n) > ('a', 1)")]
    [InlineData("UPDATE t SET name = 'x' WHERE id = 1")]
    [InlineData("DELETE FROM t WHERE id > 2")]
    [InlineData("UPSERT INTO t VALUES (1, 'x')")]
    [InlineData("TRUNCATE TABLE t")]
    [InlineData("EXPLAIN SELECT * FROM t")]
    [InlineData("SHOW TABLES")]
    public void A_statement_that_finds_its_rows_by_key_is_executed(string text)
    {
        using var command = Command(text);
        command.ExecuteNonQuery();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
        }
    }

    [Theory]
    [InlineData("SELECT * FROM t WHERE name = 'a'", "access: all of t, filter: name = 'a'", "a condition on 'id'")]
    [InlineData("SELECT * FROM t", "access: all of t", "or LIMIT")]
    [InlineData("DELETE FROM t", "access: all of t", "TRUNCATE TABLE t")]
    public void The_error_names_the_plan_and_what_to_add(string text, string plan, string hint)
    {
        var error = Assert.Throws<LsmException>(() => _connection.Execute(text));
        Assert.Contains("Allow Full Scan=false", error.Message, StringComparison.Ordinal);
        Assert.Contains(plan, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_said_by_each_connection_for_itself()
    {
        using var source = LsmDataSource.Create("Data Source=full-scan;Mode=Memory");
        using var strict = new LsmConnection("Data Source=full-scan;Mode=Memory;Allow Full Scan=false");
        using var lax = source.OpenConnection();
        strict.Open();
        Assert.Equal(0L, lax.Scalar("SELECT COUNT(*) FROM kv"));
        Assert.Throws<LsmException>(() => strict.Scalar("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public void Columns_are_described_without_a_scan()
    {
        using var adapter = new LsmDataAdapter("SELECT * FROM t", _connection);
        using var builder = new LsmCommandBuilder(adapter);
        Assert.Contains("UPDATE", builder.GetUpdateCommand().CommandText, StringComparison.Ordinal);
        using var reader = Command("SELECT * FROM t").ExecuteReader(CommandBehavior.SchemaOnly);
        Assert.Equal(2, reader.FieldCount);
    }

    public void Dispose() => _connection.Dispose();

    private LsmCommand Command(string text) => _connection.Command(text, ("null", DBNull.Value), ("yes", true), ("anything", "%b"), ("a", "a%"));
}
