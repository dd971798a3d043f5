using LsmTree.Data;
using LsmTree.Data.Sessions;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Connections;

/// <summary>A commit whose fsync fails, through ADO.NET: it is told as of unknown outcome, and both outcomes are seen when the store is opened again.</summary>
public sealed class UnknownOutcomeTests
{
    public static TheoryData<CommitVerb> Verbs => [.. CommitVerb.Synchronous, .. CommitVerb.Asynchronous];

    [Theory]
    [MemberData(nameof(Verbs), DisableDiscoveryEnumeration = true)]
    public async Task A_commit_whose_fsync_fails_has_an_unknown_outcome(CommitVerb verb)
    {
        using var store = new GuardedStore();
        using var connection = store.Source.OpenConnection();
        CommitVerb.Prepare(connection);
        store.BreakDevice();

        var error = await Assert.ThrowsAsync<LsmException>(() => verb.CommitAsync(connection, CancellationToken.None));

        Assert.Equal(LsmErrorCode.CommitOutcomeUnknown, error.Code);
        Assert.Equal("40003", error.SqlState);
        Assert.False(error.IsTransient); // running it again could do it twice
        Assert.Contains("EIO", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("rolled back", error.Message, StringComparison.Ordinal);
        Assert.Contains("opened again", error.Message, StringComparison.Ordinal);
        AssertWritesHaveStopped(connection);
        Assert.Equal(1, RowsAfter(store, keepsCache: true, "new")); // the log had reached the disk
        Assert.Equal(0, RowsAfter(store, keepsCache: false, "new")); // or it had not
        Assert.Equal(1, RowsAfter(store, keepsCache: false, "old")); // what was acknowledged before is there in any case
    }

    [Theory]
    [InlineData("CREATE TABLE fresh (id INTEGER PRIMARY KEY)")]
    [InlineData("DROP TABLE spare")]
    [InlineData("TRUNCATE kv")]
    public async Task So_has_a_definition(string text)
    {
        using var store = new GuardedStore();
        using var connection = store.Source.OpenConnection();
        CommitVerb.Prepare(connection);
        store.BreakDevice();

        Assert.Equal("40003", (await Assert.ThrowsAsync<LsmException>(() => CommitVerb.Command(connection, text).ExecuteNonQueryAsync(CancellationToken.None))).SqlState);
        Assert.Equal("57P04", Assert.Throws<LsmException>(() => CommitVerb.Execute(connection, "CREATE TABLE another (id INTEGER PRIMARY KEY)")).SqlState);
    }

    [Fact]
    public void The_transaction_is_over_and_neither_committed_nor_rolled_back_again()
    {
        using var store = new GuardedStore();
        using var connection = store.Source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        using (var command = new LsmCommand("INSERT INTO kv VALUES ('new', 1)", connection, transaction))
        {
            command.ExecuteNonQuery();
        }

        store.BreakDevice();

        Assert.Equal("40003", Assert.Throws<LsmException>(transaction.Commit).SqlState);
        Assert.Null(transaction.Connection);
        Assert.Throws<InvalidOperationException>(transaction.Commit);
        Assert.Throws<InvalidOperationException>(transaction.Rollback);
    }

    [Fact]
    public void A_failed_engine_that_is_idle_gives_way_to_one_that_is_opened_anew()
    {
        using var store = new GuardedStore();
        var settings = ConnectionSettings.Parse($"Data Source={store.Path};Engine Idle Timeout=3600").ForSession();
        LsmStore failed;
        using (var session = Session.Open(settings, store.Registry, CancellationToken.None))
        {
            failed = session.Store;
            failed.Put("a"u8, "1"u8);
            store.BreakDevice();
            Assert.Throws<StoreFailedException>(() => failed.Put("b"u8, "2"u8, Durability.Full));
            using var beside = Session.Open(settings, store.Registry, CancellationToken.None);
            Assert.Same(failed, beside.Store); // in use: who joins it reads
        }

        Assert.Equal(1, store.Registry.OpenCount); // idle
        store.Files.BeforeLogSync = static () => { };

        using var again = Session.Open(settings, store.Registry, CancellationToken.None);

        Assert.NotSame(failed, again.Store);
        Assert.Throws<ObjectDisposedException>(() => failed.Contains("a"u8));
        again.Store.Put("c"u8, "3"u8, Durability.Full);
        Assert.True(again.Store.Contains("a"u8));
    }

    private static void AssertWritesHaveStopped(LsmConnection connection)
    {
        Assert.Equal(1L, CommitVerb.Scalar(connection, "SELECT COUNT(*) FROM kv WHERE k IN ('new')")); // reads go on
        var error = Assert.Throws<LsmException>(() => CommitVerb.Execute(connection, "UPSERT INTO kv VALUES ('other', 2)"));
        Assert.Equal(LsmErrorCode.StoreFailed, error.Code);
        Assert.Equal("57P04", error.SqlState);
        Assert.Contains("EIO", error.Message, StringComparison.Ordinal); // the first cause
    }

    private static long RowsAfter(GuardedStore store, bool keepsCache, string key)
    {
        using var reopened = new GuardedStore(store.Files.Disk.Crash(keepsCache), store.Path);
        using var connection = reopened.Source.OpenConnection();
        var rows = (long)CommitVerb.Scalar(connection, $"SELECT COUNT(*) FROM kv WHERE k = '{key}'")!;
        CommitVerb.Execute(connection, "UPSERT INTO kv VALUES ('later', 3)"); // and writes go on
        return rows;
    }
}
