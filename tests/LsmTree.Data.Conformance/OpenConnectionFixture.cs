namespace LsmTree.Data.Conformance;

/// <summary>One open connection for the tests of a class.</summary>
public sealed class OpenConnectionFixture : IDisposable
{
    public DbConnection Connection { get; } = Provider.OpenConnection();

    public void Dispose() => Connection.Dispose();
}
