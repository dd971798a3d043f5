using System.Data.Common;
using Dapper;
using LsmTree.Storage;

namespace LsmTree.Data.Tests.Docs;

/// <summary>The code of README.md and docs/adonet.md, line for line (<see cref="CodePageTests"/>), each in a directory of its own.</summary>
[Collection(WorkingFolder.Name)]
public sealed class PageSamples : IDisposable
{
    private readonly string _before = Environment.CurrentDirectory;
    private readonly string _folder = Directory.CreateTempSubdirectory("lsmtree-pages-").FullName;
    private readonly TextWriter _console = Console.Out;
    private readonly StringWriter _printed = new();

    public PageSamples()
    {
        Environment.CurrentDirectory = _folder;
        Console.SetOut(_printed);
    }

    public void Dispose()
    {
        Console.SetOut(_console);
        LsmConnection.ClearAllPools();
        Environment.CurrentDirectory = _before;
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_first_minute_of_the_README()
    {
        using var db = new LsmConnection("Data Source=./data");
        db.Execute("INSERT INTO kv (k, v) VALUES (@k, @v)", new { k = "user:1", v = "Ann" });
        string ann = db.QuerySingle<string>("SELECT v FROM kv WHERE k = @k", new { k = "user:1" });
        IEnumerable<string> some = db.Query<string>("SELECT v FROM kv WHERE k BETWEEN @a AND @b", new { a = "user:", b = "user:~" });

        Assert.Equal("Ann", ann);
        Assert.Equal(["Ann"], some);
    }

    [Fact]
    public void The_ordered_map_of_the_README()
    {
        var found = new List<string>();
        {
            using var store = LsmStore.Open("./bytes");
            store.Put("key"u8, "value"u8);
            if (store.TryGet("key"u8, out var value)) { /* … */ }

            var batch = new WriteBatch();           // one record of the log: all or nothing
            batch.Put("k1"u8, "v1"u8);
            batch.Delete("k2"u8);
            store.Write(batch);

            using var cursor = store.CreateCursor(); // a consistent moment of the store, in key order
            for (var valid = cursor.Seek("k"u8); valid; valid = cursor.Next()) { /* cursor.Key, cursor.Value */ }

            Assert.Equal("value"u8.ToArray(), value);
            for (var valid = cursor.Seek("k"u8); valid; valid = cursor.Next())
            {
                found.Add(System.Text.Encoding.UTF8.GetString(cursor.Key));
            }
        }

        Assert.Equal(["k1", "key"], found);
    }

    [Fact]
    public void The_first_minute_through_commands_and_Dapper()
    {
        using var connection = new LsmConnection("Data Source=./data");
        connection.Open();

        using var insert = new LsmCommand("INSERT INTO kv (k, v) VALUES (@k, @v)", connection);
        insert.Parameters.AddWithValue("k", "user:1");
        insert.Parameters.AddWithValue("v", "Ann");
        insert.ExecuteNonQuery();

        using var select = new LsmCommand("SELECT v FROM kv WHERE k = @k", connection);
        select.Parameters.AddWithValue("k", "user:1");
        Console.WriteLine(select.ExecuteScalar()); // Ann

        connection.Execute("INSERT INTO kv (k, v) VALUES (@k, @v)", new { k = "user:2", v = "Ben" });
        IEnumerable<string> names = connection.Query<string>("SELECT v FROM kv WHERE k BETWEEN @a AND @b", new { a = "user:", b = "user:~" });

        Assert.Equal(["Ann", "Ben"], names);
        Assert.Equal("Ann", _printed.ToString().Trim());
    }

    [Fact]
    public void Deleting_the_directory()
    {
        using var connection = new LsmConnection("Data Source=./data");
        connection.Execute("INSERT INTO kv VALUES (1, 1)");
        Assert.True(Directory.Exists("./data"));

        connection.Close();                    // an engine in use closes with its last connection
        LsmConnection.ClearPool(connection);   // or ClearAllPools(), or Pooling=false in the connection string
        Directory.Delete("./data", recursive: true);

        Assert.Equal(0, connection.ExecuteScalar<int>("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public async Task A_data_source()
    {
        await using var source = LsmDataSource.Create("Data Source=./data");
        await using var connection = await source.OpenConnectionAsync();
        await using var command = source.CreateCommand("SELECT COUNT(*) FROM kv"); // opens and closes a connection for you

        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public void Bytes_without_a_copy()
    {
        using var connection = new LsmConnection("Data Source=./data");
        connection.Open();
        connection.Execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, photo BLOB); INSERT INTO people VALUES (1, 'Ann', X'FFD8')");
        using var file = new MemoryStream();
        {
            using var command = new LsmCommand("SELECT name, photo FROM people WHERE id = 1", connection);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                ReadOnlySpan<byte> name = reader.GetUtf8Span(0);
                if (reader.TryGetSpan(1, out ReadOnlySpan<byte> photo))
                {
                    file.Write(photo); // copy what you keep beyond the next Read
                }
            }
        }

        Assert.Equal([0xFF, 0xD8], file.ToArray());
    }

    [Fact]
    public void A_transaction()
    {
        using var connection = OpenAccounts();
        {
            using var transaction = connection.BeginTransaction();
            using var command = new LsmCommand("UPDATE accounts SET balance = balance - 10 WHERE id = 1", connection, transaction);
            command.ExecuteNonQuery();
            transaction.Commit();
        }

        Assert.Equal(90m, connection.ExecuteScalar<decimal>("SELECT balance FROM accounts WHERE id = 1"));
    }

    [Fact]
    public void A_transaction_that_is_tried_again()
    {
        using var connection = OpenAccounts();
        var isFirst = true;
        RunAgain(connection, transaction =>
        {
            if (isFirst)
            {
                // Somebody else is faster, once.
                using var other = new LsmConnection("Data Source=./data");
                other.Execute("UPDATE accounts SET balance = balance + 1 WHERE id = 1");
                isFirst = false;
            }

            connection.Execute("UPDATE accounts SET balance = balance - 10 WHERE id = 1", transaction: transaction);
            connection.Execute("UPDATE accounts SET balance = balance + 10 WHERE id = 2", transaction: transaction);
        });

        Assert.Equal([91m, 110m], connection.Query<decimal>("SELECT balance FROM accounts ORDER BY id"));

        static void RunAgain(LsmConnection connection, Action<LsmTransaction> work, int attempts = 10)
        {
            for (var attempt = 1; ; attempt++)
            {
                using var transaction = connection.BeginTransaction();
                try
                {
                    work(transaction);
                    transaction.Commit();
                    return;
                }
                catch (LsmException error) when (error.SqlState == "40001" && attempt < attempts)
                {
                    // Another transaction was first. Begin again: what was read may be different now.
                }
            }
        }
    }

    [Fact]
    public void A_batch()
    {
        using var connection = new LsmConnection("Data Source=./data");
        connection.Open();
        var pairs = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" };

        using var batch = connection.CreateBatch();
        foreach (var (key, value) in pairs)
        {
            var command = new LsmBatchCommand("UPSERT INTO kv VALUES (@k, @v)");
            command.Parameters.Add(new LsmParameter<string>("k", key));
            command.Parameters.Add(new LsmParameter<string>("v", value));
            batch.BatchCommands.Add(command);
        }

        batch.ExecuteNonQuery(); // all or nothing, one record of the log, one fsync

        Assert.Equal(["1", "2"], connection.Query<string>("SELECT v FROM kv ORDER BY k"));
    }

    [Fact]
    public void A_data_source_that_tells()
    {
        var builder = new LsmDataSourceBuilder("Data Source=./data")
        {
            SlowStatements = slow => Console.Error.WriteLine($"{slow.Duration.TotalSeconds:0.000} s: {slow.Text}"),
            SlowStatementThreshold = TimeSpan.FromMilliseconds(100), // default: 1 s
            Events = new MyListener(),                               // a StoreEventListener: flushes, compactions, stalls, recovery, errors
        };

        using var source = builder.Build();
        using var command = source.CreateCommand("SELECT 1");
        Assert.Equal(1, command.ExecuteScalar());
    }

    [Fact]
    public void Registration_by_name()
    {
        DbProviderFactories.RegisterFactory(LsmProviderFactory.InvariantName, LsmProviderFactory.Instance);
        Assert.Same(LsmProviderFactory.Instance, DbProviderFactories.GetFactory(LsmProviderFactory.InvariantName));
    }

    private static LsmConnection OpenAccounts()
    {
        var connection = new LsmConnection("Data Source=./data");
        connection.Open();
        connection.Execute("CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance DECIMAL(12,2) NOT NULL); INSERT INTO accounts VALUES (1, 100), (2, 100)");
        return connection;
    }

    private sealed class MyListener : StoreEventListener;
}
