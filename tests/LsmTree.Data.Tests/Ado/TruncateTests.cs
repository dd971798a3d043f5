namespace LsmTree.Data.Tests.Ado;

/// <summary>TRUNCATE and DROP TABLE cost one range tombstone, however many rows there are, and their space comes back by itself.</summary>
public sealed class TruncateTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("TRUNCATE TABLE big")]
    [InlineData("DROP TABLE big")]
    public void The_cost_does_not_depend_on_the_rows(string statement)
    {
        var few = CostOf(statement, rows: 100);
        var many = CostOf(statement, rows: 60_000);
        Assert.Equal(few, many);
        Assert.InRange(few.Entries, 1, 3); // the range, and what the catalogue has to say of it
        Assert.InRange(few.LogBytes, 1, 500);
    }

    [Theory]
    [InlineData("TRUNCATE TABLE big")]
    [InlineData("DROP TABLE big")]
    public void The_space_comes_back_without_anybody_asking(string statement)
    {
        using var directory = new TemporaryDirectory();
        using var connection = Filled(directory, 60_000);
        connection.Execute("CREATE TABLE kept (id INT PRIMARY KEY, v TEXT)");
        connection.Execute("INSERT INTO kept VALUES (1, 'stays')");
        Flush(connection);
        var before = connection.Store.GetStatistics().TableBytes;
        Assert.True(before > 4 << 20, $"{before} bytes of tables");
        connection.Execute(statement);
        Assert.True(
            SpinWait.SpinUntil(() => connection.Store.GetStatistics() is var now && now.TableBytes + now.PinnedTableBytes < 64 << 10, s_patience),
            $"{connection.Store.GetStatistics().TableBytes} of {before} bytes are still there");
        Assert.True(SpinWait.SpinUntil(() => BytesOfTables(directory) < 64 << 10, s_patience), $"{BytesOfTables(directory)} bytes of table files are still there");
        Assert.Equal("stays", connection.Scalar("SELECT v FROM kept WHERE id = 1"));
    }

    private static (long Entries, long LogBytes, long BlockReads, long Commits) CostOf(string statement, int rows)
    {
        using var directory = new TemporaryDirectory();
        using var connection = Filled(directory, rows);
        Flush(connection);
        var before = connection.Store.GetStatistics();
        connection.Execute(statement);
        var after = connection.Store.GetStatistics();
        return (
            after.EntriesWritten - before.EntriesWritten,
            after.LogBytesWritten - before.LogBytesWritten,
            after.BlockCacheHits + after.BlockCacheMisses - before.BlockCacheHits - before.BlockCacheMisses,
            after.Commits - before.Commits);
    }

    private static LsmConnection Filled(TemporaryDirectory directory, int rows)
    {
        var connection = directory.Open(";Synchronous=Normal;Memtable Size=1MB");
        connection.Execute("CREATE TABLE big (id INT PRIMARY KEY, v TEXT)");
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO big VALUES (@id, @v)";
        var id = insert.Parameters.AddWithValue("id", 0);
        var value = insert.Parameters.AddWithValue("v", "");
        var random = new Random(1);
        var bytes = new byte[50];
        for (var row = 0; row < rows; row++)
        {
            random.NextBytes(bytes);
            id.Value = row;
            value.Value = Convert.ToHexString(bytes);
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
        return connection;
    }

    private static void Flush(LsmConnection connection) => connection.Execute("FLUSH");

    private static long BytesOfTables(TemporaryDirectory directory) => Directory.GetFiles(directory.Path, "*.sst").Sum(static path => File.Exists(path) ? new FileInfo(path).Length : 0);
}
