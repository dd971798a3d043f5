namespace LsmTree.Data.Tests.Ado;

/// <summary>Tables that were created and taken back: no plan made for them survives, and nobody's table is lost to another's.</summary>
public sealed class RolledBackTablesTests
{
    private const string Shared = "Mode=Memory;Data Source=rolled back tables";

    [Fact]
    public void A_plan_for_a_table_that_was_rolled_back_is_not_used_for_its_successor()
    {
        using var one = Open();
        using var other = Open();
        using var select = new LsmCommand("SELECT * FROM t", one);
        using (var transaction = one.BeginTransaction())
        {
            Execute(one, "CREATE TABLE t (a BIGINT PRIMARY KEY, b TEXT)", transaction);
            Execute(one, "INSERT INTO t VALUES (1, 'mine')", transaction);
            select.Transaction = transaction;
            using (var reader = select.ExecuteReader())
            {
                Assert.Equal(2, reader.FieldCount);
            }

            transaction.Rollback();
        }

        select.Transaction = null;
        Assert.Equal("42P01", Assert.Throws<LsmException>(() => select.ExecuteReader()).SqlState);
        Execute(other, "CREATE TABLE t (x TEXT PRIMARY KEY)", null);
        Execute(other, "INSERT INTO t VALUES ('theirs')", null);
        using var again = select.ExecuteReader();
        Assert.Equal(1, again.FieldCount);
        Assert.True(again.Read());
        Assert.Equal("theirs", again.GetString(0));
        Assert.False(again.Read());
    }

    [Theory]
    [InlineData("COMMIT; SELECT COUNT(*) FROM later")]
    [InlineData("END; SELECT COUNT(*) FROM later")]
    [InlineData("ROLLBACK; SELECT COUNT(*) FROM later")]
    [InlineData("SAVEPOINT s; INSERT INTO kv VALUES (1, 1); COMMIT; BEGIN; SELECT COUNT(*) FROM later; COMMIT")]
    public void What_follows_the_end_of_a_transaction_meets_the_tables_that_there_are_then(string text)
    {
        using var one = Open();
        using var other = Open();
        Execute(one, "BEGIN", null);
        Execute(other, "CREATE TABLE later (a BIGINT PRIMARY KEY)", null);
        Execute(other, "INSERT INTO later VALUES (7)", null);
        Assert.Equal("42P01", Assert.Throws<LsmException>(() => one.Scalar("SELECT COUNT(*) FROM later")).SqlState);
        Assert.Equal(1L, one.Scalar(text));
    }

    [Fact]
    public void A_mistake_behind_the_end_of_a_transaction_is_found_when_it_is_reached()
    {
        using var one = Open();
        Execute(one, "BEGIN; INSERT INTO kv VALUES (1, 1)", null);
        var error = Assert.Throws<LsmException>(() => Execute(one, "COMMIT; SELECT * FROM nowhere", null));
        Assert.Equal("42P01", error.SqlState);
        Assert.Equal("SELECT * FROM nowhere", error.Statement?.Trim());
        Assert.Equal(1L, one.Scalar("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public void Of_two_transactions_that_create_tables_the_second_to_commit_is_told_to_try_again()
    {
        using var one = Open();
        using var other = Open();
        using var first = one.BeginTransaction();
        using var second = other.BeginTransaction();
        Execute(one, "CREATE TABLE first (a BIGINT PRIMARY KEY)", first);
        Execute(other, "CREATE TABLE second (a BIGINT PRIMARY KEY)", second);
        first.Commit();
        Assert.Equal("40001", Assert.Throws<LsmException>(second.Commit).SqlState);

        using var retry = other.BeginTransaction();
        Execute(other, "CREATE TABLE second (a BIGINT PRIMARY KEY)", retry);
        Execute(other, "INSERT INTO first VALUES (1)", retry);
        retry.Commit();
        Assert.Equal(1L, one.Scalar("SELECT COUNT(*) FROM first"));
        Assert.Equal(0L, one.Scalar("SELECT COUNT(*) FROM second"));
    }

    [Fact]
    public void A_table_created_after_a_savepoint_goes_with_it()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        Execute(connection, "CREATE TABLE stays (a BIGINT PRIMARY KEY)", transaction);
        transaction.Save("s");
        Execute(connection, "CREATE TABLE goes (a BIGINT PRIMARY KEY)", transaction);
        transaction.Rollback("s");
        Assert.Equal("42P01", Assert.Throws<LsmException>(() => Execute(connection, "INSERT INTO goes VALUES (1)", transaction)).SqlState);
        Execute(connection, "CREATE TABLE goes (b TEXT PRIMARY KEY)", transaction);
        Execute(connection, "INSERT INTO goes VALUES ('again')", transaction);
        transaction.Commit();
        Assert.Equal("again", connection.Scalar("SELECT b FROM goes"));
        Assert.Equal(0L, connection.Scalar("SELECT COUNT(*) FROM stays"));
    }

    private static LsmConnection Open()
    {
        var connection = new LsmConnection(Shared);
        connection.Open();
        return connection;
    }

    private static void Execute(LsmConnection connection, string text, LsmTransaction? transaction)
    {
        using var command = new LsmCommand(text, connection, transaction);
        command.ExecuteNonQuery();
    }
}
