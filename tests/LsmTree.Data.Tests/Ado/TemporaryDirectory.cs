namespace LsmTree.Data.Tests.Ado;

/// <summary>A directory that is not there yet, and is gone with the test; its engine is closed first.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"lsm-ado-{Guid.NewGuid():N}");

    public string ConnectionString => $"Data Source={Path}";

    public LsmConnection Open(string more = "")
    {
        var connection = new LsmConnection(ConnectionString + more);
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        using var connection = new LsmConnection(ConnectionString);
        LsmConnection.ClearPool(connection); // not all of them: tests that run meanwhile have their own
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
