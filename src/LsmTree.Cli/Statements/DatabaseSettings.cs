using LsmTree.Data;

namespace LsmTree.Cli.Statements;

/// <summary>Which store the command works on, and how.</summary>
/// <param name="Directory">The directory of the store.</param>
/// <param name="Mode">ReadWriteCreate, ReadWrite or ReadOnly, as in a connection string.</param>
/// <param name="Synchronous">Full, Normal or Off; null for the provider's default.</param>
/// <param name="Options">More keywords of a connection string, such as <c>Memtable Size=64MB</c>; what the command itself sets goes before them. Null for none.</param>
internal sealed record DatabaseSettings(string Directory, string Mode = "ReadWriteCreate", string? Synchronous = null, string? Options = null)
{
    // Seconds that opening waits for another process; statements themselves have no limit: Ctrl-C is one.
    private const int LockWaitSeconds = 1;

    /// <summary>Opens a connection whose engine closes with it, so that the directory is free when the command ends.</summary>
    public LsmConnection Open()
    {
        var text = new LsmConnectionStringBuilder(Options)
        {
            ["Data Source"] = Directory,
            ["Mode"] = Mode,
            ["Pooling"] = "false",
            ["Default Timeout"] = LockWaitSeconds,
            ["Ignore Command Transaction"] = "true",
        };
        if (Synchronous is not null)
        {
            text["Synchronous"] = Synchronous;
        }

        var connection = new LsmConnection(text.ConnectionString);
        try
        {
            connection.Open();
            connection.DefaultTimeout = 0;
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
