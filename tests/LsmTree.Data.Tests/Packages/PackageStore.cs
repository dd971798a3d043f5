using Dapper;

namespace LsmTree.Data.Tests.Packages;

/// <summary>A store that the records were imported into through Dapper, some to a transaction, as an application would.</summary>
public sealed class PackageStore : IDisposable
{
    private const int RowsPerTransaction = 1000;

    // Small, so that most rows are read from tables and the newest from the memtable.
    private const string MemtableSize = "256KB";

    private const string Create = """
        CREATE TABLE packages (
            package TEXT PRIMARY KEY, version TEXT, section TEXT, installed_kib BIGINT, size_bytes BIGINT, maintainer TEXT, description TEXT)
        """;

    private const string Insert = """
        INSERT INTO packages (package, version, section, installed_kib, size_bytes, maintainer, description)
        VALUES (@Name, @Version, @Section, @InstalledKib, @SizeBytes, @Maintainer, @Description)
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("lsmtree-packages-").FullName;

    public PackageStore()
    {
        Packages = PackageFile.ReadAll();
        using var connection = Open();
        connection.Execute(Create);
        foreach (var some in Packages.Chunk(RowsPerTransaction))
        {
            using var transaction = connection.BeginTransaction();
            Imported += connection.Execute(Insert, some, transaction);
            transaction.Commit();
        }
    }

    /// <summary>What Dapper counted while the records went in.</summary>
    public int Imported { get; }

    /// <summary>What the file holds, in key order.</summary>
    internal IReadOnlyList<Package> Packages { get; }

    public LsmConnection Open()
    {
        var connection = new LsmConnection($"Data Source={_directory};Memtable Size={MemtableSize}");
        connection.Open();
        return connection;
    }

    /// <summary>Closes the engine, so that the next connection finds what the directory holds and nothing else.</summary>
    public void CloseEngine()
    {
        using var connection = Open();
        connection.Close();
        LsmConnection.ClearPool(connection);
    }

    public void Dispose()
    {
        CloseEngine();
        Directory.Delete(_directory, recursive: true);
    }
}
