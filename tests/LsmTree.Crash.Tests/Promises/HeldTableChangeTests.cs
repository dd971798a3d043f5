using System.Data;
using LsmTree.Data;
using LsmTree.Data.Sessions;
using LsmTree.Data.Values;
using LsmTree.Storage;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Crash.Tests.Promises;

/// <summary>
/// CREATE and DROP while the fsync of another one takes its time: the store shows the new tables already, and nobody may work with the old ones
/// in the same moment.
/// </summary>
public sealed class HeldTableChangeTests : IDisposable
{
    private static readonly SessionSettings s_settings = new(
        "/db", InMemory: true, OpenMode.ReadWriteCreate, Durability.Full, TimeSpan.FromSeconds(30), Pooling: false, TimeSpan.Zero, MemoryBudget: null, MemtableBytes: null, Compression: null);

    private readonly HeldSyncFileSystem _files = new();
    private readonly List<Session> _sessions = [];
    private SharedStore _shared;

    public HeldTableChangeTests() => _shared = Open();

    public void Dispose()
    {
        _files.Release();
        _sessions.ForEach(static session => session.Dispose());
        _shared.Dispose();
        _files.Dispose();
    }

    [Theory]
    [InlineData("CREATE TABLE a (k INTEGER PRIMARY KEY)")]
    [InlineData("BEGIN; CREATE TABLE a (k INTEGER PRIMARY KEY); COMMIT")]
    public async Task Two_tables_created_at_once_are_both_there(string create)
    {
        var (one, other) = (Session(), Session());
        var first = await Begin(one, create);
        Run(other, "BEGIN; CREATE TABLE b (k INTEGER PRIMARY KEY, v TEXT)");
        var second = Task.Run(() => Run(other, "COMMIT; INSERT INTO b VALUES (1, 'b')"), TestContext.Current.CancellationToken);
        _files.Release();
        await first;
        await second;
        Run(one, "INSERT INTO a VALUES (2)");

        // Now, and as the store has them.
        for (var opening = 0; opening < 2; opening++)
        {
            Assert.Equal(["kv", "a", "b"], _shared.Catalogue.Tables.Select(static table => table.Name));
            Assert.Equal([1u, 2u, 3u], _shared.Catalogue.Tables.Select(static table => table.Id));
            var session = Session();
            Assert.Equal(2, Long(session, "SELECT k FROM a"));
            Assert.Equal(1, Long(session, "SELECT k FROM b"));
            Reopen();
        }
    }

    [Fact]
    public async Task Who_finds_the_table_there_already_can_use_it_at_once()
    {
        const string create = "CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY)";
        var (one, other) = (Session(), Session());
        var first = await Begin(one, create);
        Run(other, create);
        Assert.Equal(0, Long(other, "SELECT COUNT(*) FROM t"));
        _files.Release();
        await first;
        Run(other, "INSERT INTO t VALUES (1)");
        Assert.Equal(1, Long(one, "SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public async Task A_row_goes_into_the_table_that_its_transaction_sees()
    {
        var (one, other) = (Session(), Session());
        Run(one, "CREATE TABLE t (k INTEGER PRIMARY KEY)");
        var first = await Begin(one, "BEGIN; DROP TABLE t; CREATE TABLE t (k INTEGER PRIMARY KEY, v TEXT); COMMIT");
        Run(other, "BEGIN; INSERT INTO t (k, v) VALUES (1, 'new')");
        var second = Task.Run(() => Run(other, "COMMIT"), TestContext.Current.CancellationToken);
        _files.Release();
        await first;
        await second;
        Assert.Equal(1, Long(one, "SELECT COUNT(*) FROM t WHERE v = 'new'"));
    }

    [Fact]
    public async Task What_a_transaction_has_seen_its_connection_goes_on_seeing()
    {
        var (one, other) = (Session(), Session());
        var first = await Begin(one, "CREATE TABLE t (k INTEGER PRIMARY KEY)");
        Run(other, "BEGIN; SELECT * FROM t; ROLLBACK");
        Assert.Equal(0, Long(other, "SELECT COUNT(*) FROM t"));
        _files.Release();
        await first;
    }

    [Fact]
    public async Task A_table_is_dropped_whichever_number_it_has_by_then()
    {
        var (one, other) = (Session(), Session());
        var script = other.Prepare("DROP TABLE IF EXISTS t");
        var first = await Begin(one, "CREATE TABLE t (k INTEGER PRIMARY KEY)");
        var second = Task.Run(() => other.Execute(script, 0, ParameterSet.Empty, default), TestContext.Current.CancellationToken);
        _files.Release();
        await first;
        await second;
        Reopen();
        Assert.Equal(["kv"], _shared.Catalogue.Tables.Select(static table => table.Name));
    }

    [Fact]
    public async Task A_change_that_conflicts_leaves_no_trace()
    {
        var (one, other) = (Session(), Session());
        Run(other, "BEGIN; CREATE TABLE b (k INTEGER PRIMARY KEY)");
        var first = await Begin(one, "CREATE TABLE a (k INTEGER PRIMARY KEY)");
        Assert.Equal(LsmErrorCode.SerializationFailure, Assert.Throws<LsmException>(() => Run(other, "COMMIT")).Code);
        _files.Release();
        await first;
        Run(other, "BEGIN; CREATE TABLE b (k INTEGER PRIMARY KEY); COMMIT");
        Assert.Equal(["kv", "a", "b"], _shared.Catalogue.Tables.Select(static table => table.Name));
    }

    [Fact]
    public async Task A_serializable_transaction_that_begins_then_does_not_conflict_with_tables_that_it_never_asked_for()
    {
        var (one, other) = (Session(), Session());
        var first = await Begin(one, "CREATE TABLE a (k INTEGER PRIMARY KEY)");
        other.Begin(IsolationLevel.Serializable);
        Run(other, "INSERT INTO a VALUES (1)"); // it sees the table
        _files.Release();
        await first;
        Run(one, "CREATE TABLE b (k INTEGER PRIMARY KEY)");
        Run(other, "COMMIT");
        Assert.Equal(1, Long(one, "SELECT COUNT(*) FROM a"));
        Assert.Equal(["kv", "a", "b"], _shared.Catalogue.Tables.Select(static table => table.Name));
    }

    /// <summary>Runs statements whose last one waits for the disk, until it waits.</summary>
    private async Task<Task> Begin(Session session, string text)
    {
        _files.Hold();
        _files.IsWaiting.Reset();
        var run = Task.Factory.StartNew(() => Run(session, text), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.Run(() => _files.IsWaiting.Wait(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        return run;
    }

    private Session Session()
    {
        var session = new Session(StoreLease.Of(_shared, static () => { }), s_settings);
        _sessions.Add(session);
        return session;
    }

    private SharedStore Open() => new(LsmStore.OpenOn(_files, "/db", null, new LsmStoreOptions { Durability = Durability.Normal }), s_settings);

    private void Reopen()
    {
        _sessions.ForEach(static session => session.Dispose());
        _sessions.Clear();
        _shared.Dispose();
        _shared = Open();
    }

    private static void Run(Session session, string text)
    {
        foreach (var statement in text.Split(';'))
        {
            session.Execute(session.Prepare(statement), 0, ParameterSet.Empty, default).Rows?.Dispose();
        }
    }

    private static long Long(Session session, string text)
    {
        Assert.True(session.TryExecuteScalar(session.Prepare(text), 0, ParameterSet.Empty, default, out var value));
        return value.AsInt64();
    }
}
