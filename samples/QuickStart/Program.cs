using Dapper;
using LsmTree.Data;
using LsmTree.Storage;

// The first minute: a new directory is a database with one table, kv, whose key and value are of any type.
var directory = Path.Combine(Path.GetTempPath(), "lsmtree-quickstart");
using var db = new LsmConnection($"Data Source={directory}");

db.Execute("UPSERT INTO kv (k, v) VALUES (@k, @v)", new { k = "user:1", v = "Ann" });
db.Execute("UPSERT INTO kv (k, v) VALUES (@k, @v)", new { k = "user:2", v = "Ben" });

var ann = db.QuerySingle<string>("SELECT v FROM kv WHERE k = @k", new { k = "user:1" });
var everybody = db.Query<string>("SELECT v FROM kv WHERE k BETWEEN @a AND @b", new { a = "user:", b = "user:~" });
Console.WriteLine($"user:1 is {ann}; in key order: {string.Join(", ", everybody)}");

// Tables have typed columns and a primary key. A range of keys is read in order, without sorting.
db.Execute("CREATE TABLE IF NOT EXISTS visits (page TEXT, at TIMESTAMP, seconds INTEGER, PRIMARY KEY (page, at))");
db.Open();
using (var transaction = db.BeginTransaction())
{
    for (var i = 0; i < 3; i++)
    {
        var visit = new { page = "/home", at = new DateTime(2026, 1, 1, 12, i, 0), seconds = 10 * i };
        db.Execute("UPSERT INTO visits (page, at, seconds) VALUES (@page, @at, @seconds)", visit, transaction);
    }

    transaction.Commit(); // One log record, one fsync: all three visits or none.
}

var latest = db.QueryFirst<DateTime>("SELECT at FROM visits WHERE page = '/home' ORDER BY at DESC LIMIT 1");
Console.WriteLine($"last visit of /home: {latest:u}");

// The engine itself is one property away: ordered bytes, batches, cursors, snapshots.
Console.WriteLine($"the engine has done {db.Store.GetStatistics().Commits} commits");

// And it stands alone, where bytes are enough.
using var store = LsmStore.OpenInMemory();
store.Put("key"u8, "value"u8);
Console.WriteLine($"key is there: {store.Contains("key"u8)}");
