using System.Data;
using LsmTree.Storage;

namespace LsmTree.Data.Tests.Ado;

public sealed class EngineLifetimeTests
{
    [Fact]
    public void Connections_to_one_directory_share_one_engine_however_it_is_written()
    {
        using var directory = new TemporaryDirectory();
        using var one = directory.Open();
        using var other = new LsmConnection($"Path={Path.Combine(directory.Path, "..", Path.GetFileName(directory.Path))}{Path.DirectorySeparatorChar}");
        other.Open();
        Assert.Same(one.Store, other.Store);
        Assert.Equal(directory.Path, other.DataSource);
        Assert.Equal(Path.GetFileName(directory.Path), other.Database);
        one.Execute("INSERT INTO kv VALUES ('k', 'v')");
        Assert.Equal("v", other.Scalar("SELECT v FROM kv WHERE k = 'k'"));
    }

    [Fact]
    public void What_was_written_is_there_after_a_reopen()
    {
        using var directory = new TemporaryDirectory();
        using (var connection = directory.Open(";Pooling=false"))
        {
            connection.Execute("INSERT INTO kv VALUES ('k', 'v')");
        }

        using var again = directory.Open(";Pooling=false");
        Assert.Equal("v", again.Scalar("SELECT v FROM kv WHERE k = 'k'"));
    }

    [Fact]
    public void An_idle_engine_stays_open_and_ClearPool_closes_it()
    {
        using var directory = new TemporaryDirectory();
        LsmStore store;
        using (var connection = directory.Open())
        {
            store = connection.Store;
        }

        using (var connection = directory.Open())
        {
            Assert.Same(store, connection.Store);
        }

        LsmConnection.ClearPool(new LsmConnection(directory.ConnectionString));
        Directory.Delete(directory.Path, recursive: true);
        using var fresh = directory.Open();
        Assert.NotSame(store, fresh.Store);
        Assert.Equal(0L, fresh.Scalar("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public void ClearPool_of_an_open_connection_closes_the_engine_with_it()
    {
        using var directory = new TemporaryDirectory();
        using var connection = directory.Open();
        LsmConnection.ClearPool(connection);
        Assert.Equal(0L, connection.Scalar("SELECT COUNT(*) FROM kv"));

        connection.Close();

        using var direct = LsmStore.Open(directory.Path);
    }

    [Fact]
    public void Without_pooling_the_engine_closes_with_its_last_connection()
    {
        using var directory = new TemporaryDirectory();
        var connection = directory.Open(";Pooling=false");
        var second = directory.Open(";Pooling=false");
        var store = connection.Store;
        connection.Dispose();
        Assert.Equal(0L, second.Scalar("SELECT COUNT(*) FROM kv"));
        second.Dispose();
        Assert.ThrowsAny<ObjectDisposedException>(() => store.Contains("k"u8));
        using var direct = LsmStore.Open(directory.Path);
    }

    [Fact]
    public void Two_engines_of_one_directory_with_other_options_are_refused()
    {
        using var directory = new TemporaryDirectory();
        using var connection = directory.Open(";Memtable Size=1MB");
        using var other = new LsmConnection(directory.ConnectionString + ";Memtable Size=2MB");
        var error = Assert.Throws<LsmException>(other.Open);
        Assert.Equal(LsmErrorCode.OptionsConflict, error.Code);
        Assert.Equal("55000", error.SqlState);
        Assert.Contains("1048576", error.Message.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("2097152", error.Message.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(ConnectionState.Closed, other.State);
    }

    [Fact]
    public void A_missing_directory_is_named_when_it_may_not_be_created()
    {
        using var directory = new TemporaryDirectory();
        using var connection = new LsmConnection(directory.ConnectionString + ";Mode=ReadWrite");
        var error = Assert.Throws<LsmException>(connection.Open);
        Assert.Contains(directory.Path, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory.Path));
    }

    [Fact]
    public void A_failed_open_leaves_nothing_locked()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.Path);
        using (LsmStore.Open(directory.Path))
        {
            using var connection = new LsmConnection(directory.ConnectionString + ";Default Timeout=1");
            var error = Assert.Throws<LsmException>(connection.Open);
            Assert.Equal(LsmErrorCode.StoreLocked, error.Code);
            Assert.Equal("55P03", error.SqlState);
            Assert.True(error.IsTransient);
        }

        using var free = directory.Open();
        Assert.Equal(ConnectionState.Open, free.State);
    }

    [Fact]
    public async Task A_wait_for_a_locked_store_ends_with_its_token_as_a_cancelled_task()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.Path);
        using (LsmStore.Open(directory.Path))
        {
            using var connection = new LsmConnection(directory.ConnectionString + ";Default Timeout=0");
            using var waiting = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            var opening = connection.OpenAsync(waiting.Token);
            var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
            Assert.True(opening.IsCanceled);
            Assert.Equal(waiting.Token, error.CancellationToken);
            Assert.Equal(ConnectionState.Closed, connection.State);

            using var source = LsmDataSource.Create(directory.ConnectionString + ";Default Timeout=0");
            using var waitingAgain = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.OpenConnectionAsync(waitingAgain.Token).AsTask());
        }

        using var free = directory.Open();
        Assert.Equal(ConnectionState.Open, free.State);
    }

    [Fact]
    public void A_read_only_connection_refuses_writes()
    {
        using var directory = new TemporaryDirectory();
        using var writer = directory.Open();
        writer.Execute("INSERT INTO kv VALUES ('k', 'v')");
        using var reader = directory.Open(";Mode=ReadOnly");
        Assert.Equal("v", reader.Scalar("SELECT v FROM kv"));
        var error = Assert.Throws<LsmException>(() => reader.Execute("DELETE FROM kv"));
        Assert.Equal("25006", error.SqlState);
    }

    [Fact]
    public void A_store_in_memory_is_private_or_shared_by_name()
    {
        using var one = Memory.Open();
        using var other = Memory.Open();
        one.Execute("INSERT INTO kv VALUES ('k', 'v')");
        Assert.Equal(0L, other.Scalar("SELECT COUNT(*) FROM kv"));
        using var named = new LsmConnection("Mode=Memory;Data Source=shared");
        using var again = new LsmConnection("Mode=Memory;Data Source=shared");
        named.Open();
        named.Execute("INSERT INTO kv VALUES ('k', 'v')");
        again.Open();
        Assert.Equal("v", again.Scalar("SELECT v FROM kv"));
        Assert.Equal("shared", again.DataSource);
    }

    [Fact]
    public void DataDirectory_is_substituted()
    {
        using var directory = new TemporaryDirectory();
        AppDomain.CurrentDomain.SetData("DataDirectory", directory.Path);
        try
        {
            using var connection = new LsmConnection("Data Source=|DataDirectory|/inner;Pooling=false");
            connection.Open();
            Assert.Equal(Path.Combine(directory.Path, "inner"), connection.DataSource);
        }
        finally
        {
            AppDomain.CurrentDomain.SetData("DataDirectory", null);
        }
    }

    [Fact]
    public void CheckpointTo_makes_a_store_of_that_moment()
    {
        using var directory = new TemporaryDirectory();
        using var copy = new TemporaryDirectory();
        using var connection = directory.Open();
        connection.Execute("INSERT INTO kv VALUES ('k', 'before')");
        connection.CheckpointTo(copy.Path);
        connection.Execute("UPDATE kv SET v = 'after'");
        using var checkpoint = copy.Open();
        Assert.Equal("before", checkpoint.Scalar("SELECT v FROM kv"));
        Assert.Throws<InvalidOperationException>(() => new LsmConnection(directory.ConnectionString).CheckpointTo(copy.Path));
    }

    [Fact]
    public void The_raw_engine_is_within_reach()
    {
        using var connection = Memory.Open();
        connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY)");
        var before = connection.Store.LastSequence;
        connection.Execute("INSERT INTO t VALUES (1)");
        Assert.True(connection.Store.LastSequence > before);
        connection.Close();
        Assert.Throws<InvalidOperationException>(() => connection.Store);
    }
}
