using System.Data;
using System.Diagnostics;
using LsmTree.Data.Tests.Ado;

namespace LsmTree.Data.Tests.Diagnostics;

[Collection(ListeningTests.Name)]
public sealed class SpanTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open(";Name=traced");
    private readonly HeardSpans _spans = new("traced");

    [Fact]
    public void A_statement_is_a_client_span_in_the_words_of_the_conventions()
    {
        _connection.Execute("CREATE TABLE packages (name TEXT PRIMARY KEY, size BIGINT)");
        _connection.Scalar("SELECT size FROM packages WHERE name = @name", ("name", "zlib"));

        var span = _spans.Last;
        Assert.Equal(ActivityKind.Client, span.Kind);
        Assert.Equal("SELECT packages", span.OperationName);
        Assert.Equal("lsmtree", span.GetTagItem("db.system.name"));
        Assert.Equal(":memory:", span.GetTagItem("db.namespace"));
        Assert.Equal("SELECT", span.GetTagItem("db.operation.name"));
        Assert.Equal("packages", span.GetTagItem("db.collection.name"));
        Assert.Equal("SELECT packages", span.GetTagItem("db.query.summary"));
        Assert.Equal("SELECT size FROM packages WHERE name = @name", span.GetTagItem("db.query.text"));
        Assert.Null(span.GetTagItem("error.type"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal(["CREATE TABLE packages", "SELECT packages"], _spans.All.Select(static each => each.OperationName));
    }

    [Theory]
    [InlineData("INSERT INTO kv VALUES ('secret', 4711)", "INSERT kv", "INSERT INTO kv VALUES (?, ?)")]
    [InlineData("UPSERT INTO kv VALUES (x'00ff', 1.5e3)", "UPSERT kv", "UPSERT INTO kv VALUES (?, ?)")]
    [InlineData("UPDATE kv SET v = -1 WHERE k = 'it''s' -- the end", "UPDATE kv", "UPDATE kv SET v = -? WHERE k = ? -- the end")]
    [InlineData("DELETE FROM kv WHERE k IN (@a)", "DELETE kv", "DELETE FROM kv WHERE k IN (@a)")]
    [InlineData("SELECT k FROM kv UNION SELECT v FROM kv", "SELECT kv kv", "SELECT k FROM kv UNION SELECT v FROM kv")]
    [InlineData("SELECT 1; SHOW TABLES", "SELECT SHOW", "SELECT ?; SHOW TABLES")]
    [InlineData("EXPLAIN DELETE FROM kv", "EXPLAIN kv", "EXPLAIN DELETE FROM kv")]
    public void A_text_is_shown_without_its_literals(string text, string summary, string shown)
    {
        _connection.Execute(text, ("a", "x"));
        Assert.Equal(summary, _spans.Last.OperationName);
        Assert.Equal(shown, _spans.Last.GetTagItem("db.query.text"));
    }

    [Fact]
    public void An_error_is_told_by_its_sqlstate()
    {
        _connection.Execute("INSERT INTO kv VALUES (1, 1)");
        Assert.Throws<LsmException>(() => _connection.Execute("INSERT INTO kv VALUES (1, 2)"));
        AssertFailed("INSERT kv", "23505", "23505");
        Assert.Throws<LsmException>(() => _connection.Execute("SELEC"));
        AssertFailed("lsmtree", "42601", "42601");
        Assert.Null(_spans.Last.GetTagItem("db.query.text")); // a text that cannot be read cannot be cleaned of its values
        Assert.Throws<LsmException>(() => _connection.Scalar("SELECT k FROM kv WHERE k = @missing"));
        AssertFailed("SELECT kv", "42P02", "42P02");

        _connection.Scalar("SELECT 1");
        Assert.Null(_spans.Last.GetTagItem("error.type"));

        void AssertFailed(string name, string error, string status)
        {
            Assert.Equal(name, _spans.Last.OperationName);
            Assert.Equal(error, _spans.Last.GetTagItem("error.type"));
            Assert.Equal(status, _spans.Last.GetTagItem("db.response.status_code"));
            Assert.Equal(ActivityStatusCode.Error, _spans.Last.Status);
            Assert.NotEmpty(_spans.Last.StatusDescription!);
        }
    }

    [Fact]
    public void A_cancelled_read_is_a_failed_span()
    {
        using var batch = _connection.CreateBatch();
        for (var key = 0; key < 2000; key++)
        {
            batch.BatchCommands.Add(new LsmBatchCommand($"INSERT INTO kv VALUES ({key}, 1)"));
        }

        batch.ExecuteNonQuery();
        using var command = _connection.Command("SELECT k FROM kv");
        using (var reader = command.ExecuteReader())
        {
            Assert.True(reader.Read());
            command.Cancel();
            Assert.Throws<LsmException>(() =>
            {
                while (reader.Read())
                {
                    // The scan looks every 256 rows.
                }
            });
        }

        Assert.Equal("SELECT kv", _spans.Last.OperationName);
        Assert.Equal("57014", _spans.Last.GetTagItem("error.type"));
    }

    [Fact]
    public void A_span_of_rows_ends_with_their_reader()
    {
        using var request = new Activity("request").Start();
        using var command = _connection.Command("SELECT k FROM kv");
        using (var reader = command.ExecuteReader())
        {
            Assert.Same(request, Activity.Current); // what is done between reads is no part of the statement
            _connection.Scalar("SELECT 1");
            Assert.Equal("SELECT", Assert.Single(_spans.All).OperationName);
            Assert.Equal(request.SpanId, _spans.Last.ParentSpanId);
        }

        Assert.Equal(["SELECT", "SELECT kv"], _spans.All.Select(static span => span.OperationName));
        Assert.Equal(request.SpanId, _spans.Last.ParentSpanId);
        Assert.Same(request, Activity.Current);
    }

    [Fact]
    public async Task A_commit_and_a_batch_are_one_span_each()
    {
        using (var transaction = _connection.BeginTransaction())
        {
            using var insert = new LsmCommand("INSERT INTO kv VALUES (1, 1)", _connection, transaction);
            await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        using var batch = _connection.CreateBatch();
        batch.BatchCommands.Add(new LsmBatchCommand("INSERT INTO kv VALUES (2, 1)"));
        batch.BatchCommands.Add(new LsmBatchCommand("INSERT INTO kv VALUES (3, 1)"));
        Assert.Equal(2, batch.ExecuteNonQuery());

        Assert.Equal(["INSERT kv", "COMMIT", "BATCH"], _spans.All.Select(static span => span.OperationName));
        Assert.Equal(2, _spans.Last.GetTagItem("db.operation.batch.size"));
    }

    [Fact]
    public void A_commit_that_comes_second_is_a_failed_span()
    {
        const string Shared = "Mode=Memory;Data Source=spans;Name=traced-two";
        using var spans = new HeardSpans("traced-two");
        using var one = new LsmConnection(Shared);
        using var other = new LsmConnection(Shared);
        one.Open();
        other.Open();
        using var transaction = one.BeginTransaction(IsolationLevel.Snapshot);
        using var insert = new LsmCommand("UPSERT INTO kv VALUES (1, 1)", one, transaction);
        insert.ExecuteNonQuery();
        other.Execute("UPSERT INTO kv VALUES (1, 2)");
        Assert.Throws<LsmException>(transaction.Commit);
        Assert.Equal("COMMIT", spans.Last.OperationName);
        Assert.Equal("40001", spans.Last.GetTagItem("error.type"));
    }

    public void Dispose()
    {
        _spans.Dispose();
        _connection.Dispose();
    }
}
