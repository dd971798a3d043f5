using LsmTree.Data.Tests.Ado;

namespace LsmTree.Data.Tests.Diagnostics;

[Collection(ListeningTests.Name)]
public sealed class SlowStatementTests
{
    [Fact]
    public void A_statement_over_the_threshold_is_told_with_its_error()
    {
        var slow = new List<LsmSlowStatement>();
        using var source = new LsmDataSourceBuilder("Data Source=:memory:;Name=orders") { SlowStatements = slow.Add, SlowStatementThreshold = TimeSpan.Zero }.Build();
        using var connection = source.OpenConnection();
        connection.Execute("INSERT INTO kv VALUES (1, 'secret')");
        Assert.Throws<LsmException>(() => connection.Execute("INSERT INTO kv VALUES (@k, 'secret')", ("k", 1L)));
        Assert.Throws<LsmException>(() => connection.Execute("SELEC 'secret'"));

        Assert.Equal(3, slow.Count);
        Assert.Equal(("INSERT kv", "INSERT INTO kv VALUES (?, ?)", "orders", null), (slow[0].Summary, slow[0].Text, slow[0].DataSource, slow[0].Error));
        Assert.True(slow[0].Duration > TimeSpan.Zero);
        Assert.Equal("23505", Assert.IsType<LsmException>(slow[1].Error).SqlState);
        Assert.Equal("INSERT INTO kv VALUES (@k, 'secret')", slow[1].Text);
        Assert.Equal(("", null), (slow[2].Summary, slow[2].Text));
    }

    [Fact]
    public void A_statement_under_the_threshold_is_not_told()
    {
        var builder = new LsmDataSourceBuilder("Data Source=:memory:") { SlowStatements = static _ => Assert.Fail("It was not slow."), SlowStatementThreshold = TimeSpan.FromDays(1) };
        using var source = builder.Build();
        using var connection = source.OpenConnection();
        connection.Execute("INSERT INTO kv VALUES (1, 1)");
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.SlowStatementThreshold = TimeSpan.FromTicks(-1));
        Assert.Equal(TimeSpan.FromSeconds(1), new LsmDataSourceBuilder().SlowStatementThreshold);
    }

    [Fact]
    public void What_the_listener_throws_harms_no_statement()
    {
        using var source = new LsmDataSourceBuilder("Data Source=:memory:") { SlowStatements = static _ => throw new InvalidOperationException(), SlowStatementThreshold = TimeSpan.Zero }.Build();
        using var connection = source.OpenConnection();
        Assert.Equal(1, connection.Execute("INSERT INTO kv VALUES (1, 1)"));
        Assert.Equal(1, connection.Scalar("SELECT k FROM kv"));
    }

    [Fact]
    public void Connections_of_no_source_are_not_watched()
    {
        var slow = new List<LsmSlowStatement>();
        using var directory = new TemporaryDirectory();
        using var source = new LsmDataSourceBuilder(directory.ConnectionString) { SlowStatements = slow.Add, SlowStatementThreshold = TimeSpan.Zero }.Build();
        using var watched = source.OpenConnection();
        using var other = new LsmConnection(directory.ConnectionString);
        other.Open();
        other.Execute("INSERT INTO kv VALUES (1, 1)");
        Assert.Empty(slow);
        watched.Execute("INSERT INTO kv VALUES (2, 1)");
        Assert.Single(slow);
    }

    [Fact]
    public void The_engine_of_a_source_tells_its_events()
    {
        var listener = new Flushes();
        using var source = new LsmDataSourceBuilder("Data Source=:memory:") { Events = listener }.Build();
        using var connection = source.OpenConnection();
        connection.Execute("INSERT INTO kv VALUES (1, 1)");
        connection.Execute("FLUSH");
        Assert.Equal(1, listener.Recoveries);
        SpinWait.SpinUntil(() => listener.Count > 0, TimeSpan.FromMinutes(1)); // told just after the statement has what it waited for
        Assert.Equal(1, listener.Count);
    }

    private sealed class Flushes : LsmTree.Storage.StoreEventListener
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public int Recoveries { get; private set; }

        public override void OnFlushCompleted(LsmTree.Storage.FlushCompleted flush) => Interlocked.Increment(ref _count);

        public override void OnRecoveryCompleted(LsmTree.Storage.RecoveryCompleted recovery) => Recoveries++;
    }
}
