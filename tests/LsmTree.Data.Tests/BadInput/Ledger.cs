using Dapper;

namespace LsmTree.Data.Tests.BadInput;

/// <summary>A store with a table of known rows, which no bad input may change.</summary>
internal sealed class Ledger : IDisposable
{
    private const int Rows = 2000;

    private readonly string _root = Directory.CreateTempSubdirectory("lsmtree-ledger-").FullName;

    public Ledger()
    {
        using var connection = Open();
        connection.Execute("CREATE TABLE ledger (id BIGINT PRIMARY KEY, name TEXT NOT NULL, small SMALLINT)");
        using (var transaction = connection.BeginTransaction())
        {
            connection.Execute("INSERT INTO ledger (id, name, small) VALUES (@id, @name, @small)", Enumerable.Range(0, Rows).Select(Row), transaction);
            transaction.Commit();
        }

        connection.Execute("FLUSH");
    }

    public string Path => System.IO.Path.Combine(_root, "store");

    /// <summary>A connection whose engine closes with it.</summary>
    public LsmConnection Open(string more = "")
    {
        var connection = new LsmConnection($"Data Source={Path};Pooling=false;Synchronous=Normal;Default Timeout=1;{more}");
        connection.Open();
        return connection;
    }

    public static void AssertWhole(LsmConnection connection)
    {
        var rows = connection.Query<(long, string, short)>("SELECT id, name, small FROM ledger").AsList();
        Assert.Equal(Enumerable.Range(0, Rows).Select(static i => ((long)i, NameOf(i), SmallOf(i))), rows);
    }

    public void AssertWhole()
    {
        using var connection = Open();
        AssertWhole(connection);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static object Row(int i) => new { id = (long)i, name = NameOf(i), small = SmallOf(i) };

    private static string NameOf(int i) => $"entry {i} of the ledger";

    private static short SmallOf(int i) => (short)(i % 100);
}
