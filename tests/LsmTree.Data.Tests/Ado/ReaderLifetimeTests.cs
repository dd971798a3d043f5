using System.Data;

namespace LsmTree.Data.Tests.Ado;

/// <summary>A reader holds a moment of the store, and so old versions and files. However it ends, it lets go of them.</summary>
public sealed class ReaderLifetimeTests : IDisposable
{
    private readonly LsmConnection _watching;
    private readonly string _source = $"Data Source=readers-{Guid.NewGuid():N};Mode=Memory";

    public ReaderLifetimeTests()
    {
        _watching = Open();
        _watching.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)");
        _watching.Execute("INSERT INTO t VALUES (1, 1), (2, 0), (3, 1)");
    }

    public void Dispose() => _watching.Dispose();

    [Theory]
    [InlineData("closed")]
    [InlineData("disposed")]
    [InlineData("read to the end and closed")]
    [InlineData("connection closed")]
    [InlineData("connection disposed")]
    [InlineData("CloseConnection")]
    [InlineData("transaction rolled back")]
    [InlineData("error in a row")]
    [InlineData("cancelled")]
    public void A_reader_that_ends_holds_nothing(string how)
    {
        using var connection = Open();
        using var transaction = how.StartsWith("transaction", StringComparison.Ordinal) ? connection.BeginTransaction() : null;
        using var command = connection.Command(how == "error in a row" ? "SELECT SUBSTR('abc', 1, 2 - id) FROM t WHERE id >= 0" : "SELECT v FROM t WHERE id >= 0");
        command.Transaction = transaction;
        var reader = command.ExecuteReader(how == "CloseConnection" ? CommandBehavior.CloseConnection : CommandBehavior.Default);
        Assert.True(reader.Read());
        Assert.True(Held() > 0, "an open reader is counted");
        switch (how)
        {
            case "closed":
                reader.Close();
                break;
            case "disposed":
                reader.Dispose();
                break;
            case "read to the end and closed":
                while (reader.Read())
                {
                    // To the end.
                }

                reader.Close();
                break;
            case "connection closed":
                connection.Close();
                break;
            case "connection disposed":
                connection.Dispose();
                break;
            case "CloseConnection":
                reader.Close();
                Assert.Equal(ConnectionState.Closed, connection.State);
                break;
            case "transaction rolled back":
                reader.Close();
                transaction!.Rollback();
                break;
            case "error in a row":
                Assert.True(reader.Read());
                Assert.Throws<LsmException>(() => reader.Read() ? reader.GetValue(0) : null); // the third length is negative
                reader.Close();
                break;
            case "cancelled":
                command.Cancel();
                Record.Exception(() =>
                {
                    while (reader.Read())
                    {
                        // Until the cancellation is noticed, or to the end: three rows may be over sooner.
                    }
                });
                reader.Close();
                break;
        }

        Assert.Equal(0, Held());
    }

    [Fact]
    public void A_statement_that_fails_to_begin_holds_nothing()
    {
        Assert.Throws<LsmException>(() => _watching.Execute("INSERT INTO t SELECT id + 10, LENGTH(SUBSTR('abc', 1, 2 - id)) FROM t"));
        Assert.Throws<LsmException>(() => _watching.Scalar("SELECT SUM(LENGTH(SUBSTR('abc', 1, 2 - id))) FROM t"));
        Assert.Throws<LsmException>(() => _watching.Scalar("SELECT SUBSTR('abc', 1, 2 - id) FROM t WHERE id = 3"));
        Assert.Equal(0, Held());
    }

    private int Held() => _watching.Store.GetStatistics().OpenSnapshots;

    private LsmConnection Open()
    {
        var connection = new LsmConnection(_source);
        connection.Open();
        return connection;
    }
}
