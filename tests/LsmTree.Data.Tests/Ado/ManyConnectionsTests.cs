using LsmTree.Data.Sessions;

namespace LsmTree.Data.Tests.Ado;

/// <summary>As many connections as a busy server has, all open at once, over one engine.</summary>
public sealed class ManyConnectionsTests
{
    private const int Connections = 1_000;
    private const int Threads = 16;
    private const int RowsEach = 3;

    [Fact]
    public void A_thousand_open_connections_share_one_engine_lose_no_row_and_leave_nothing_open()
    {
        using var directory = new TemporaryDirectory();
        var registry = new StoreRegistry(TimeProvider.System);
        var source = new LsmDataSource(ConnectionSettings.Parse($"{directory.ConnectionString};Synchronous=Normal"), null, registry);
        using (var setup = source.OpenConnection())
        {
            setup.Execute("CREATE TABLE t (connection INT, number INT, PRIMARY KEY (connection, number))");
        }

        var connections = Enumerable.Range(0, Connections).Select(_ => source.OpenConnection()).ToArray();
        Assert.Equal(1, registry.OpenCount);
        var handles = OpenFiles(directory.Path);
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(first => new Thread(() =>
        {
            try
            {
                for (var row = 0; row < RowsEach; row++)
                {
                    for (var number = first; number < Connections; number += Threads)
                    {
                        Assert.Equal(1, connections[number].Execute("INSERT INTO t VALUES (@c, @n)", ("c", number), ("n", row)));
                        var neighbour = (number + (Connections / 2)) % Connections;
                        Assert.Equal((long)row + 1, connections[number].Scalar("SELECT COUNT(*) FROM t WHERE connection = @c", ("c", number)));
                        Assert.InRange((long)connections[number].Scalar("SELECT COUNT(*) FROM t WHERE connection = @c", ("c", neighbour))!, 0, RowsEach);
                    }
                }
            }
            catch (Exception failure)
            {
                lock (failures)
                {
                    failures.Add(failure);
                }
            }
        })).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        Assert.Empty(failures);
        Assert.All(connections, connection => Assert.Equal((long)Connections * RowsEach, connection.Scalar("SELECT COUNT(*) FROM t")));

        // Files are the engine's: their number does not grow with the connections.
        Assert.InRange(OpenFiles(directory.Path), 0, handles + 16);
        Assert.All(connections, static connection => connection.Dispose());
        source.Dispose();
        registry.CloseIdle(null);
        Assert.Equal(0, registry.OpenCount);
        Assert.Equal(0, OpenFiles(directory.Path));
    }

    /// <summary>Descriptors of this process that lead into the directory; 0 where the system does not tell.</summary>
    private static int OpenFiles(string directory) => !Directory.Exists("/proc/self/fd") ? 0 : Directory.GetFiles("/proc/self/fd").Count(descriptor =>
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName.StartsWith(directory + "/", StringComparison.Ordinal) ?? false;
        }
        catch (IOException)
        {
            return false; // closed meanwhile, by another test
        }
    });
}
