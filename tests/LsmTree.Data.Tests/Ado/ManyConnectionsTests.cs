using System.Collections.Concurrent;
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

    [Fact]
    public void A_thousand_connections_that_are_closed_in_the_midst_of_their_work_keep_what_was_committed_and_leave_nothing_open()
    {
        using var directory = new TemporaryDirectory();
        var registry = new StoreRegistry(TimeProvider.System);
        var settings = ConnectionSettings.Parse($"{directory.ConnectionString};Synchronous=Normal;Engine Idle Timeout=0");
        var source = new LsmDataSource(settings, null, registry);
        using (var setup = source.OpenConnection())
        {
            setup.Execute("CREATE TABLE t (connection INT PRIMARY KEY, v TEXT)");
        }

        var connections = Enumerable.Range(0, Connections).Select(_ => source.OpenConnection()).ToArray();
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(first => new Thread(() =>
        {
            try
            {
                for (var number = first; number < Connections; number += Threads)
                {
                    CloseInTheMidst(connections[number], number);
                    registry.CloseIdle(null); // of an engine in use: when its last connection goes
                }
            }
            catch (Exception failure)
            {
                failures.Enqueue(failure);
            }
        })).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        Assert.Empty(failures);

        source.Dispose(); // it kept the engine open, too
        Assert.Equal(0, registry.OpenCount);
        Assert.Equal(0, OpenFiles(directory.Path));
        using (var other = new LsmDataSource(settings, null, registry))
        using (var again = other.OpenConnection())
        {
            Assert.Equal((long)Connections, again.Scalar("SELECT COUNT(*) FROM t WHERE v = 'committed'"));
            Assert.Equal((long)Connections, again.Scalar("SELECT COUNT(*) FROM t"));
        }

        Assert.All(connections, static connection => connection.Dispose());
        Assert.Equal(0, registry.OpenCount);
    }

    /// <summary>Commits a row, and closes the connection with a transaction or a reader open; every third is opened once more.</summary>
    private static void CloseInTheMidst(LsmConnection connection, int number)
    {
        connection.Execute("INSERT INTO t VALUES (@c, 'committed')", ("c", number));
        if (number % 2 == 0)
        {
            connection.Execute("BEGIN");
            connection.Execute("UPDATE t SET v = 'lost' WHERE connection = @c", ("c", number));
        }

        using var command = new LsmCommand("SELECT v FROM t", connection);
        var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        connection.Close();
        Assert.True(reader.IsClosed);
        Assert.Throws<InvalidOperationException>(() => connection.Execute("DELETE FROM t"));
        if (number % 3 == 0)
        {
            connection.Open();
            Assert.Equal("committed", connection.Scalar("SELECT v FROM t WHERE connection = @c", ("c", number)));
            connection.Close();
        }
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
