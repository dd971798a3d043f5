using System.Buffers.Binary;

namespace LsmTree.Data.Tests.Ado;

/// <summary>What a statement or a transaction may hold in memory: executed at the limit, refused past it, and then nothing has happened.</summary>
public sealed class MemoryLimitTests : IDisposable
{
    private const int Mebi = 1 << 20;
    private const int BudgetRows = 64; // of one mebibyte each: the budget of a statement
    private const int RowOverhead = 64 + 40; // what is charged for a row of one value beside its bytes

    private readonly LsmConnection _connection = Memory.Open(";Synchronous=Off;Memtable Size=256MB"); // neither a log nor flushes, which are not what is measured

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void A_concatenation_of_256_MiB_is_computed()
    {
        var half = new byte[128 * Mebi];
        Assert.Equal(256L * Mebi, Convert.ToInt64(_connection.Scalar("SELECT LENGTH(@a || @b)", ("a", half), ("b", half)), null));
        Refused("54000", "256 MiB", "SELECT LENGTH(@a || @b || X'00')", ("a", half), ("b", half));
    }

    [Fact]
    public void A_text_is_measured_in_its_characters()
    {
        var half = new string('x', (128 * Mebi) + 1);
        Refused("54000", "256 MiB", "SELECT LENGTH(@a || @a)", ("a", half));
    }

    [Theory]
    [InlineData("SELECT v FROM b WHERE id < @n UNION SELECT v FROM b WHERE id < @n")]
    [InlineData("SELECT v FROM b WHERE id < @n ORDER BY v")]
    [InlineData("UPDATE b SET n = n + 1 WHERE id < @n RETURNING v")]
    [InlineData("DELETE FROM b WHERE id < @n RETURNING v")]
    public void A_statement_holds_64_MiB_of_rows(string text)
    {
        Fill(BudgetRows + 1, Mebi - RowOverhead);
        Refused("53200", "64 MiB", text, ("n", BudgetRows + 1));
        Assert.Equal(BudgetRows + 1L, _connection.Scalar("SELECT COUNT(*) FROM b WHERE n = 0"));

        using var reader = _connection.Command(text, ("n", BudgetRows)).ExecuteReader();
        var rows = 0;
        while (reader.Read())
        {
            rows++;
        }

        Assert.Equal(BudgetRows, rows);
    }

    [Fact]
    public void An_INSERT_holds_64_MiB_of_returned_rows()
    {
        Fill(0, 0);
        var value = new byte[Mebi - RowOverhead];
        Refused("53200", "64 MiB", Insert(BudgetRows + 1), ("v", value));
        Assert.Equal(0L, _connection.Scalar("SELECT COUNT(*) FROM b"));
        Assert.Equal(BudgetRows, _connection.Execute(Insert(BudgetRows), ("v", value)));

        static string Insert(int rows) => $"INSERT INTO b VALUES {string.Join(", ", Enumerable.Range(0, rows).Select(static row => $"({row + 1000}, 0, @v)"))} RETURNING v";
    }

    [Theory]
    [InlineData("SELECT v FROM b UNION ALL SELECT v FROM b")]
    [InlineData("SELECT v FROM b ORDER BY id DESC")]
    [InlineData("SELECT v FROM b ORDER BY v LIMIT 10")]
    public void What_holds_no_rows_has_no_such_limit(string text)
    {
        Fill(BudgetRows + 1, Mebi);
        using var reader = _connection.Command(text).ExecuteReader();
        while (reader.Read())
        {
            Assert.Equal(Mebi, reader.GetBytes(0, 0, null, 0, 0));
        }
    }

    [Fact]
    public void Rows_that_move_hold_64_MiB()
    {
        Fill(BudgetRows + 1, Mebi);
        Refused("53200", "64 MiB", "UPDATE b SET id = id + 1000");
        Assert.Equal(BudgetRows + 1L, _connection.Scalar("SELECT COUNT(*) FROM b WHERE id < 1000"));

        Assert.Equal(BudgetRows - 1, _connection.Execute("UPDATE b SET id = id + 1000 WHERE id < @n", ("n", BudgetRows - 1)));
        Assert.Equal(BudgetRows - 1L, _connection.Scalar("SELECT COUNT(*) FROM b WHERE id >= 1000"));
    }

    [Fact]
    public void A_transaction_holds_512_MiB_which_is_twice_its_rows()
    {
        var value = new byte[64 * Mebi];
        using var transaction = _connection.BeginTransaction();
        using var insert = new LsmCommand("INSERT INTO kv VALUES (@k, @v)", _connection, transaction);
        insert.Parameters.AddWithValue("k", 0);
        insert.Parameters.AddWithValue("v", value);
        for (var key = 0; key < 3; key++)
        {
            insert.Parameters[0].Value = key;
            Assert.Equal(1, insert.ExecuteNonQuery());
        }

        insert.Parameters[0].Value = 3;
        var error = Assert.Throws<LsmException>(() => insert.ExecuteNonQuery());
        Assert.Equal(LsmErrorCode.OutOfMemoryBudget, error.Code);
        Assert.Contains("commit in smaller parts", error.Hint, StringComparison.Ordinal);

        insert.Parameters[1].Value = new byte[(64 * Mebi) - (64 << 10)]; // with keys and index: just below
        Assert.Equal(1, insert.ExecuteNonQuery());
        using var count = new LsmCommand("SELECT COUNT(*) FROM kv", _connection, transaction);
        Assert.Equal(4L, count.ExecuteScalar());
    }

    [Fact]
    public void A_statement_without_a_transaction_holds_512_MiB_as_well()
    {
        Refused("53200", "512 MiB", "UPSERT INTO kv VALUES (1, @v), (2, @v), (3, @v), (4, @v), (5, @v), (6, @v), (7, @v), (8, @v)", ("v", new byte[64 * Mebi]));
        Assert.Equal(0L, _connection.Scalar("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public async Task An_asynchronous_INSERT_of_one_row_writes_as_large_a_row_as_a_synchronous_one()
    {
        using var durable = Memory.Open(";Synchronous=Full;Memtable Size=1GB"); // only a durable write has an asynchronous way of its own
        using var insert = durable.Command("INSERT INTO kv VALUES (1, @v) RETURNING k", ("v", new byte[257 * Mebi])); // of which a transaction would hold twice
        Assert.Equal(1, await insert.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        Assert.Equal(257L * Mebi, Convert.ToInt64(durable.Scalar("SELECT LENGTH(v) FROM kv"), null));
        Assert.Equal("23505", (await Assert.ThrowsAsync<LsmException>(() => insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))).SqlState);
    }

    private void Fill(int rows, int length)
    {
        _connection.Execute("CREATE TABLE b (id INTEGER PRIMARY KEY, n INTEGER, v BLOB)");
        var value = new byte[Math.Max(length, sizeof(int))];
        for (var row = 0; row < rows; row++)
        {
            BinaryPrimitives.WriteInt32BigEndian(value, row);
            _connection.Execute("INSERT INTO b VALUES (@id, 0, @v)", ("id", row), ("v", value));
        }
    }

    private void Refused(string state, string said, string text, params (string Name, object Value)[] parameters)
    {
        var error = Assert.Throws<LsmException>(() =>
        {
            using var reader = _connection.Command(text, parameters).ExecuteReader();
            while (reader.Read())
            {
                _ = reader.IsDBNull(0); // some hold more rows as they are read, and some values are computed when they are asked for
            }
        });
        Assert.Equal(state, error.SqlState);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }
}
