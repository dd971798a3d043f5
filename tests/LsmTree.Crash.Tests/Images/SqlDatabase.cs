using LsmTree.Crash.Tests.Scripts;
using LsmTree.Data;
using LsmTree.Data.Sessions;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Images;

/// <summary>A connection to a database on a simulated disk. Nothing happens in the background.</summary>
internal sealed class SqlDatabase : IDisposable
{
    private readonly StoreRegistry _registry;
    private readonly LsmDataSource _source;

    private SqlDatabase(StoreRegistry registry, LsmDataSource source, LsmConnection connection)
    {
        _registry = registry;
        _source = source;
        Connection = connection;
    }

    public LsmConnection Connection { get; }

    public static SqlDatabase Open(SimFileSystem files, string synchronous)
    {
        var registry = new StoreRegistry(TimeProvider.System, (path, options) => LsmStore.OpenOn(files, path, null, options with { Background = BackgroundMode.Manual, Seed = 11 }));
        var source = new LsmDataSource(ConnectionSettings.Parse($"Data Source={ScriptWord.Store};Synchronous={synchronous};Memtable Size=64KB;Engine Idle Timeout=0"), null, registry);
        return new SqlDatabase(registry, source, source.OpenConnection());
    }

    public void Execute(string text)
    {
        using var command = new LsmCommand(text, Connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Every table with its columns and rows, as text.</summary>
    public string Read()
    {
        var lines = new List<string>();
        foreach (var table in Rows("SHOW TABLES").Select(static row => row.Split('|')[0]))
        {
            lines.Add($"{table}({string.Join(", ", Rows($"SHOW COLUMNS FROM {table}"))})");
            lines.AddRange(Rows($"SELECT * FROM {table}"));
        }

        return string.Join('\n', lines);
    }

    /// <summary>Ends as a process that is killed does: nothing more reaches the files.</summary>
    public void Die(SimFileSystem files)
    {
        files.KillProcess();
        Connection.Store.Abandon();
        Dispose();
    }

    public void Dispose()
    {
        Connection.Dispose();
        _source.Dispose();
        _registry.CloseIdle(null);
    }

    private List<string> Rows(string text)
    {
        using var command = new LsmCommand(text, Connection);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "NULL" : Convert.ToString(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture))));
        }

        return rows;
    }
}
