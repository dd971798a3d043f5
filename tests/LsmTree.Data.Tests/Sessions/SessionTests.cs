using System.Data;
using LsmTree.Data.Execution;
using LsmTree.Data.Schemas;
using LsmTree.Data.Sessions;
using LsmTree.Data.Tests.Sql;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Sessions;

public sealed class SessionTests : IDisposable
{
    private readonly StoreRegistry _registry = new(TimeProvider.System);
    private readonly Session _session;

    public SessionTests() => _session = Open();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void An_open_reader_keeps_its_moment()
    {
        Fill(1000);
        using var rows = Rows("SELECT k FROM kv WHERE k >= 0");
        Assert.True(rows.Read());

        _session.Run("DELETE FROM kv");
        _session.Run("INSERT INTO kv VALUES (5000, 1)");

        var count = 1;
        while (rows.Read())
        {
            rows.GetValue(0, out var key);
            Assert.Equal(count++, key.AsInt64());
        }

        Assert.Equal(1000, count);
        Assert.Equal(1, _session.Long("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public void A_reader_in_a_transaction_does_not_meet_what_is_written_after_it_was_opened()
    {
        Fill(10);
        _session.Begin(IsolationLevel.Unspecified);
        using var rows = Rows("SELECT k FROM kv");
        var count = 0;
        while (rows.Read())
        {
            rows.GetValue(0, out var key);
            _session.Run("INSERT INTO kv VALUES (@k, 0)", ("k", SqlValue.FromInt64(key.AsInt64() + 100)));
            count++;
        }

        Assert.Equal(10, count);
        Assert.Equal(20, _session.Long("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public void Point_lookups_are_used_again_and_two_open_ones_do_not_disturb_each_other()
    {
        Fill(3);
        var first = Rows("SELECT v FROM kv WHERE k = 1");
        var second = Rows("SELECT v FROM kv WHERE k = 2");
        Assert.NotSame(first, second);
        Assert.True(first.Read());
        Assert.True(second.Read());
        first.GetValue(0, out var firstValue);
        second.GetValue(0, out var secondValue);
        Assert.Equal("value 1", firstValue.AsString());
        Assert.Equal("value 2", secondValue.AsString());
        Assert.False(first.Read());
        first.Dispose();
        second.Dispose();

        using var third = Rows("SELECT v FROM kv WHERE k = 9");
        Assert.Same(second, third);
        Assert.False(third.Read());
    }

    [Fact]
    public void A_row_larger_than_the_buffer_is_read_whole()
    {
        var large = new string('x', 100_000);
        _session.Run("INSERT INTO kv VALUES ('large', @v)", ("v", SqlValue.FromText(large)));

        Assert.Equal(large, _session.Text("SELECT v FROM kv WHERE k = 'large'"));
        Assert.Equal(large, _session.Text("SELECT v FROM kv WHERE k IN ('large', 'other')"));
        Assert.Equal(large, _session.Text("SELECT v FROM kv"));
    }

    [Fact]
    public void Concurrent_autocommit_updates_are_run_again_until_none_is_lost()
    {
        const int Threads = 4;
        const int Rounds = 50;
        _session.Run("INSERT INTO kv VALUES ('counter', 0)");
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            using var session = Open();
            for (var i = 0; i < Rounds; i++)
            {
                Assert.Equal(1, session.Run("UPDATE kv SET v = v + 1 WHERE k = 'counter'"));
            }
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(Threads * Rounds, _session.Long("SELECT v FROM kv WHERE k = 'counter'"));
    }

    [Fact]
    public void Of_many_that_insert_the_same_key_one_succeeds()
    {
        var inserted = 0;
        var refused = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            using var session = Open();
            for (var key = 0; key < 50; key++)
            {
                try
                {
                    session.Run($"INSERT INTO kv VALUES ({key}, 'x')");
                    Interlocked.Increment(ref inserted);
                }
                catch (LsmException error) when (error.Code == LsmErrorCode.UniqueViolation)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(50, inserted);
        Assert.Equal(150, refused);
    }

    [Fact]
    public void A_cancelled_statement_ends_with_57014_and_changes_nothing()
    {
        Fill(2000);
        using var source = new CancellationTokenSource();
        var limits = new ExecutionLimits(source.Token);
        using var rows = _session.Execute(_session.Prepare("SELECT k FROM kv WHERE v = 'nothing'"), 0, ParameterSet.Empty, limits).Rows!;
        source.Cancel();

        Assert.Equal("57014", Assert.Throws<LsmException>(() => rows.Read()).SqlState);
        Assert.Equal("57014", Assert.Throws<LsmException>(() => _session.Execute(_session.Prepare("DELETE FROM kv"), 0, ParameterSet.Empty, limits)).SqlState);
        Assert.Equal(2000, _session.Long("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public void A_timeout_says_that_it_was_one()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        var error = Assert.Throws<LsmException>(() =>
            _session.Execute(_session.Prepare("SELECT * FROM kv"), 0, ParameterSet.Empty, new ExecutionLimits(source.Token, static () => true)));

        Assert.Equal("57014", error.SqlState);
        Assert.Contains("CommandTimeout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asynchronous_writes_commit_and_conflict_like_others()
    {
        var token = TestContext.Current.CancellationToken;
        var upsert = await _session.ExecuteAsync(_session.Prepare("UPSERT INTO kv VALUES (1, 'a'), (2, 'b')"), 0, ParameterSet.Empty, new ExecutionLimits(token));
        var update = await _session.ExecuteAsync(_session.Prepare("UPDATE kv SET v = 'c' WHERE k = 2"), 0, ParameterSet.Empty, new ExecutionLimits(token));

        Assert.Equal(2, upsert.RecordsAffected);
        Assert.Equal(1, update.RecordsAffected);
        Assert.Equal("c", _session.Text("SELECT v FROM kv WHERE k = 2"));
        await Assert.ThrowsAsync<LsmException>(async () =>
            await _session.ExecuteAsync(_session.Prepare("INSERT INTO kv VALUES (1, 'x')"), 0, ParameterSet.Empty, new ExecutionLimits(token)));
    }

    [Fact]
    public void A_value_that_was_stored_before_lengths_were_kept_stays_readable_and_its_row_can_be_changed()
    {
        const string settings = "old lengths";
        var registry = new StoreRegistry(TimeProvider.System);
        using var session = Session.Open(SqlScriptRunner.Memory(settings), registry, CancellationToken.None);
        session.Run("CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT, n INTEGER)");
        session.Run("INSERT INTO t VALUES ('a long key', 'a long value', 1)");

        // What an earlier version has left behind: the same rows, of a table that says VARCHAR(3).
        var table = session.Tables().Single(static table => table.Name == "t");
        var columns = table.Columns.Select(static column => column.Type == SqlType.Text ? column with { Length = 3 } : column).ToArray();
        session.Store.Put(CatalogueFormat.TableKey(table.Id), CatalogueFormat.EncodeTable(new TableSchema(table.Id, table.Name, columns, [columns[0]])));
        var old = new SharedStore(session.Store, SqlScriptRunner.Memory(settings));
        using var later = new Session(StoreLease.Of(old, static () => { }), SqlScriptRunner.Memory(settings));

        Assert.Equal("a long value", later.Text("SELECT v FROM t WHERE k = 'a long key'"));
        Assert.Equal(1, later.Run("UPDATE t SET n = 2"));
        Assert.Equal("a long value", later.Text("SELECT v FROM t WHERE n = 2"));
        Assert.Equal("22001", Assert.Throws<LsmException>(() => later.Run("UPDATE t SET v = v || '!'")).SqlState);
        Assert.Equal(1, later.Run("DELETE FROM t WHERE k = 'a long key'"));
    }

    [Theory]
    [InlineData(IsolationLevel.Unspecified, IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.ReadCommitted, IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.RepeatableRead, IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.Serializable, IsolationLevel.Serializable)]
    public void Weaker_levels_are_raised_and_reported_as_what_they_are(IsolationLevel asked, IsolationLevel given)
    {
        var transaction = _session.Begin(asked);
        Assert.Equal(given, transaction.IsolationLevel);
        transaction.Rollback();
        Assert.Null(_session.Transaction);
    }

    [Fact]
    public void Chaos_is_refused() => Assert.Throws<ArgumentException>(() => _session.Begin(IsolationLevel.Chaos));

    [Fact]
    public void A_serializable_transaction_fails_when_what_it_read_has_changed()
    {
        _session.Run("INSERT INTO kv VALUES ('a', 1), ('b', 1)");
        using var other = Open();
        var transaction = _session.Begin(IsolationLevel.Serializable);
        Assert.Equal(1, _session.Long("SELECT v FROM kv WHERE k = 'a'"));
        _session.Run("UPDATE kv SET v = 0 WHERE k = 'b'");
        other.Run("UPDATE kv SET v = 0 WHERE k = 'a'");

        var error = Assert.Throws<LsmException>(transaction.Commit);

        Assert.Equal("40001", error.SqlState);
        Assert.True(error.IsTransient);
        Assert.Null(_session.Transaction);
    }

    [Fact]
    public void Disposing_a_session_rolls_its_transaction_back()
    {
        using (var other = Open())
        {
            other.Begin(IsolationLevel.Unspecified);
            other.Run("INSERT INTO kv VALUES (1, 1)");
        }

        Assert.Equal(0, _session.Long("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public void Parameters_of_rows_that_are_still_read_may_be_given_other_values()
    {
        Fill(5);
        var set = new ParameterSet();
        set.Add("low", SqlValue.FromInt32(2));
        set.Add("v", SqlValue.FromText("value 3"));
        using var rows = _session.Execute(_session.Prepare("SELECT k, @v FROM kv WHERE k >= @low AND v <> @v"), 0, set, default).Rows!;
        set.Clear();
        set.Add("low", SqlValue.FromInt32(4));
        set.Add("v", SqlValue.FromText("other"));

        var found = new List<string>();
        while (rows.Read())
        {
            rows.GetValue(0, out var key);
            rows.GetValue(1, out var parameter);
            found.Add($"{key.AsInt64()} {parameter.AsString()}");
        }

        Assert.Equal(["2 value 3", "4 value 3"], found);
    }

    [Fact]
    public void A_sort_beyond_its_budget_says_so()
    {
        var value = SqlValue.FromBlob(new byte[1 << 20]);
        for (var i = 0; i < 66; i++)
        {
            _session.Run("UPSERT INTO kv VALUES (@k, @v)", ("k", SqlValue.FromInt32(i)), ("v", value));
        }

        var error = Assert.Throws<LsmException>(() => Rows("SELECT k, v FROM kv ORDER BY v").Dispose());

        Assert.Equal("53200", error.SqlState);
        Assert.Contains("64 MiB", error.Message, StringComparison.Ordinal);
        using var first = Rows("SELECT k FROM kv ORDER BY v, k DESC LIMIT 1");
        Assert.True(first.Read());
        first.GetValue(0, out var key);
        Assert.Equal(65, key.AsInt64());
    }

    [Fact]
    public void Thirty_thousand_parameters_are_found_in_any_order()
    {
        const int Count = 30_000;
        Fill(10);
        var set = new ParameterSet();
        for (var i = Count - 1; i >= 0; i--)
        {
            set.Add($"p{i}", SqlValue.FromInt32(i));
        }

        var list = string.Join(", ", Enumerable.Range(0, Count).Select(static i => $"@p{i}"));
        using var rows = _session.Execute(_session.Prepare($"SELECT k FROM kv WHERE k IN ({list})"), 0, set, default).Rows!;
        var count = 0;
        while (rows.Read())
        {
            rows.GetValue(0, out var key);
            Assert.Equal(count++, key.AsInt64());
        }

        Assert.Equal(10, count);
    }

    [Fact]
    public void A_point_lookup_allocates_nothing_once_it_is_warm()
    {
        Fill(10);
        var script = _session.Prepare("SELECT v FROM kv WHERE k = @k");
        var set = new ParameterSet();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                set.Clear();
                set.Add("k", SqlValue.FromInt32(i % 12));
                using var rows = _session.Execute(script, 0, set, default).Rows!;
                while (rows.Read())
                {
                    rows.GetValue(0, out _);
                }
            }
        }));
    }

    private Session Open() => Session.Open(SqlScriptRunner.Memory("session tests"), _registry, CancellationToken.None);

    private IRowSource Rows(string text) => _session.Execute(_session.Prepare(text), 0, ParameterSet.Empty, default).Rows!;

    private void Fill(int rows)
    {
        _session.Begin(IsolationLevel.Unspecified);
        for (var i = 0; i < rows; i++)
        {
            _session.Run("INSERT INTO kv VALUES (@k, @v)", ("k", SqlValue.FromInt32(i)), ("v", SqlValue.FromText($"value {i}")));
        }

        _session.Transaction!.Commit();
    }
}
