using System.Text;
using Dapper;

namespace LsmTree.Data.Tests.BadInput;

/// <summary>A statement that cannot be meant gets the error that names what is wrong, and neither the rows nor the connection suffer.</summary>
public sealed class BadStatementTests : IDisposable
{
    private readonly Ledger _ledger = new();

    public void Dispose() => _ledger.Dispose();

    [Theory]
    [InlineData("SELEC * FROM ledger", "42601")]
    [InlineData("SELECT * FROM", "42601")]
    [InlineData("SELECT 'never ends", "42601")]
    [InlineData("SELECT /* never ends", "42601")]
    [InlineData("DELETE FROM ledger WHERE", "42601")]
    [InlineData("SELECT \u0000", "42601")]
    [InlineData("SELECT 1 FROM nowhere", "42P01")]
    [InlineData("DROP TABLE nowhere", "42P01")]
    [InlineData("SELECT nothing FROM ledger", "42703")]
    [InlineData("UPDATE ledger SET nothing = 1", "42703")]
    [InlineData("SELECT NOSUCH(1)", "42883")]
    [InlineData("DELETE FROM ledger WHERE id = @absent", "42P02")]
    [InlineData("CREATE TABLE ledger (id BIGINT PRIMARY KEY)", "42P07")]
    [InlineData("CREATE TABLE twice (a BIGINT PRIMARY KEY, a TEXT)", "42701")]
    [InlineData("CREATE TABLE keyless (a BIGINT, PRIMARY KEY (b))", "42P16")]
    [InlineData("INSERT INTO ledger (id, name) VALUES ('not a number', 'x')", "22018")]
    [InlineData("INSERT INTO ledger (id, name) VALUES (X'00', 'x')", "42804")]
    [InlineData("INSERT INTO ledger (id, name, small) VALUES (5000, 'x', 100000)", "22003")]
    [InlineData("CREATE TABLE short (a VARCHAR(0) PRIMARY KEY)", "42P16")]
    [InlineData("INSERT INTO ledger (id, name) VALUES (5000, NULL)", "23502")]
    [InlineData("INSERT INTO ledger (id) VALUES (5000)", "23502")]
    [InlineData("INSERT INTO ledger (id, name) VALUES (NULL, 'x')", "23502")]
    [InlineData("INSERT INTO ledger (id, name) VALUES (7, 'x')", "23505")]
    [InlineData("INSERT INTO ledger (id, name) VALUES (5000, 'x'), (5001, 'y'), (7, 'z')", "23505")]
    [InlineData("UPDATE ledger SET id = 0", "23505")]
    [InlineData("UPDATE ledger SET small = small / (id - 1999)", "22012")]
    [InlineData("SELECT * FROM ledger JOIN ledger ON 1 = 1", "0A000")]
    [InlineData("COMMIT", "25P01")]
    [InlineData("ROLLBACK TO SAVEPOINT nowhere", "25P01")]
    public void Nonsense_is_refused_with_its_state_and_changes_nothing(string text, string state)
    {
        using var connection = _ledger.Open();

        var error = Assert.Throws<LsmException>(() => connection.Execute(text));

        Assert.Equal(state, error.SqlState);
        Ledger.AssertWhole(connection);
    }

    [Fact]
    public void Parentheses_without_end_are_a_limit_and_no_stack_overflow()
    {
        using var connection = _ledger.Open();
        const int Depth = 100_000;
        string[] texts =
        [
            $"SELECT {new string('(', Depth)}1{new string(')', Depth)}",
            $"SELECT {new string('(', Depth)}",
            $"SELECT {new StringBuilder().Insert(0, "NOT ", Depth)}TRUE",
            $"SELECT {new StringBuilder().Insert(0, "- ", Depth)}1",
            $"SELECT {new StringBuilder().Insert(0, "CASE WHEN ", Depth)}TRUE",
        ];
        foreach (var text in texts)
        {
            var error = Assert.Throws<LsmException>(() => connection.Execute(text));
            Assert.Equal("54000", error.SqlState);
        }

        Ledger.AssertWhole(connection);
    }

    [Fact]
    public void A_text_that_is_too_long_is_a_limit()
    {
        using var connection = _ledger.Open();

        var error = Assert.Throws<LsmException>(() => connection.Execute("SELECT '" + new string('x', 1 << 20) + "'"));

        Assert.Equal("54000", error.SqlState);
        Ledger.AssertWhole(connection);
    }

    [Fact]
    public void A_parameter_of_the_wrong_type_is_refused()
    {
        using var connection = _ledger.Open();

        var text = Assert.Throws<LsmException>(() => connection.Execute("INSERT INTO ledger (id, name) VALUES (@id, 'x')", new { id = "seven" }));
        var large = Assert.Throws<LsmException>(() => connection.Execute("INSERT INTO ledger (id, name) VALUES (@id, 'x')", new { id = ulong.MaxValue }));

        Assert.Equal("22018", text.SqlState);
        Assert.Equal("22003", large.SqlState);
        Ledger.AssertWhole(connection);
    }

    [Fact]
    public void A_failed_statement_leaves_its_transaction_usable_and_whole()
    {
        using var connection = _ledger.Open();
        using (var transaction = connection.BeginTransaction())
        {
            connection.Execute("INSERT INTO ledger (id, name) VALUES (9000, 'kept')", transaction: transaction);
            Assert.Throws<LsmException>(() => connection.Execute("INSERT INTO ledger (id, name) VALUES (9001, 'a'), (7, 'b')", transaction: transaction));
            transaction.Commit();
        }

        Assert.Equal(["kept"], connection.Query<string>("SELECT name FROM ledger WHERE id >= 9000"));
        connection.Execute("DELETE FROM ledger WHERE id = 9000");
        Ledger.AssertWhole(connection);
    }
}
