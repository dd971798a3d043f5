using LsmTree.Crash.Tests.Hostility;
using LsmTree.Data;

namespace LsmTree.Crash.Tests.Fuzzing.Statements;

/// <summary>A database one file of which is damaged, behind right checksums or not, and statements that read and write it through the provider.</summary>
internal sealed class DatabaseTarget() : FuzzTarget("database", 4)
{
    private const int Texts = 10;

    private static readonly string[] s_statements =
    [
        "SELECT * FROM t", "SELECT * FROM t ORDER BY k DESC, n DESC", "SELECT COUNT(*), SUM(n), MIN(v) FROM t", "SELECT * FROM t WHERE k = 1 AND n BETWEEN 2 AND 50", "SELECT v FROM kv WHERE k = 'k7'",
        "SELECT * FROM kv WHERE k LIKE 'k1%'", "SELECT * FROM later", "INSERT INTO t VALUES (9, 9, 'new', 1.5, X'01')", "UPSERT INTO kv VALUES ('k7', 'again')", "UPDATE t SET v = v || 'x' WHERE k = 2",
        "DELETE FROM t WHERE k = 1", "DELETE FROM kv", "TRUNCATE TABLE t", "DROP TABLE later", "CREATE TABLE made (k INT PRIMARY KEY, v TEXT)", "ALTER TABLE t ADD COLUMN more INT", "SHOW TABLES", "FLUSH", "COMPACT",
    ];

    private static readonly Lazy<IReadOnlyList<(string Name, byte[] Bytes)>> s_fixture = new(Create);

    public override long MostBytes => 256 << 20;

    public override int Execute(ref Dice dice)
    {
        var directory = Path.Combine(Root, $"lsmtree-database-{Guid.NewGuid():N}");
        Directory.CreateDirectory(directory);
        try
        {
            var files = s_fixture.Value;
            var chosen = dice.Below(files.Count);
            for (var i = 0; i < files.Count; i++)
            {
                var bytes = (byte[])files[i].Bytes.Clone();
                File.WriteAllBytes(Path.Combine(directory, files[i].Name), i == chosen ? Damaged(files[i].Name, bytes, ref dice) : bytes);
            }

            Use(directory, ref dice);
            return Texts;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>In memory where the system has a place for it: hundreds of databases are opened, each with an fsync or two.</summary>
    private static string Root => Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private static byte[] Damaged(string name, byte[] bytes, ref Dice dice)
    {
        var isForged = name switch
        {
            _ when name.EndsWith(".sst", StringComparison.Ordinal) => !dice.Once(4) && Forgery.OfTable(bytes, ref dice),
            _ when name.EndsWith(".log", StringComparison.Ordinal) || name.StartsWith("MANIFEST", StringComparison.Ordinal) => !dice.Once(4) && Forgery.OfLog(bytes, ref dice),
            _ => false,
        };
        if (!isForged && bytes.Length > 0)
        {
            bytes[dice.Below(bytes.Length)] ^= (byte)(1 + dice.Below(255));
        }

        return bytes;
    }

    private static void Use(string directory, ref Dice dice)
    {
        var text = "opening";
        try
        {
            using var connection = new LsmConnection($"Data Source={directory};Pooling=false;Synchronous=Normal;Memtable Size=64KB;Default Timeout=20");
            connection.Open();
            for (var i = 0; i < Texts; i++)
            {
                text = dice.Once(4) ? Vocabulary.Draw(ref dice) : s_statements[dice.Below(s_statements.Length)];
                if (text.Length == 0 || text.Contains("CHECKPOINT", StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                try
                {
                    StatementTarget.Run(connection, text);
                }
                catch (LsmException)
                {
                    // Told, as the documentation says.
                }
            }

            text = "closing";
        }
        catch (LsmException)
        {
            // The database could not be opened.
        }
        catch (Exception failure)
        {
            throw new FuzzException($"{text}{Environment.NewLine}{failure}");
        }
    }

    /// <summary>Tables with rows in tables and in the log, of a process that did not close them.</summary>
    private static List<(string Name, byte[] Bytes)> Create()
    {
        var directory = Path.Combine(Root, $"lsmtree-database-{Guid.NewGuid():N}");
        using var connection = new LsmConnection($"Data Source={directory};Pooling=false;Synchronous=Full;Memtable Size=64KB");
        connection.Open();
        StatementTarget.Run(connection, "CREATE TABLE t (k INT, n BIGINT, v TEXT, d DECIMAL(10, 2), b BLOB, PRIMARY KEY (k, n)); CREATE TABLE later (id BIGINT PRIMARY KEY, at TIMESTAMP, u UUID)");
        for (var i = 0; i < 60; i++)
        {
            StatementTarget.Run(connection, $"INSERT INTO t VALUES ({i % 3}, {i}, 'text {i}', {i}.25, X'{i:X2}'); UPSERT INTO kv VALUES ('k{i}', 'value {i}')");
        }

        StatementTarget.Run(connection, "FLUSH; DELETE FROM t WHERE n > 50; COMPACT; UPSERT INTO kv VALUES ('z', 'in the log'); INSERT INTO later VALUES (1, TIMESTAMP '2024-02-29 12:00:00', NULL); DELETE FROM t WHERE k = 2 AND n < 10");
        var files = Directory.GetFiles(directory).Where(static path => Path.GetFileName(path) != "LOCK").Order(StringComparer.Ordinal)
            .Select(static path => (Path.GetFileName(path), Read(path))).ToList();
        connection.Dispose();
        Directory.Delete(directory, recursive: true);
        return files;
    }

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
