using System.Data;
using LsmTree.Data.Execution;
using LsmTree.Data.Sessions;
using LsmTree.Data.Tests.Sql;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Sessions;

/// <summary>The rows of a SELECT are those of the moment when it was executed, all of them of one, whenever they are read.</summary>
public sealed class MomentTests : IDisposable
{
    private readonly StoreRegistry _registry = new(TimeProvider.System);
    private readonly Session _session;

    public MomentTests()
    {
        _session = Open();
        _session.Run("INSERT INTO kv VALUES (1, 'one'), (2, 'two')");
    }

    public static TheoryData<string> Lookups => ["k IN (1, 2, 3)", "k = 1 OR k = 2", "k = 2 LIMIT 1", "(k) = (2) LIMIT 2", "k >= 1", "k = 2 UNION ALL SELECT v FROM kv WHERE k = 3"];

    public void Dispose() => _session.Dispose();

    [Theory]
    [MemberData(nameof(Lookups))]
    public void A_reader_does_not_meet_later_writes_of_its_transaction(string condition)
    {
        foreach (var level in (IsolationLevel[])[IsolationLevel.Snapshot, IsolationLevel.Serializable])
        {
            var expected = Read(Rows($"SELECT v FROM kv WHERE {condition}"));
            var transaction = _session.Begin(level);
            var rows = Rows($"SELECT v FROM kv WHERE {condition}");
            _session.Run("UPDATE kv SET v = 'later' WHERE k = 2");
            _session.Run("INSERT INTO kv VALUES (3, 'later')");
            Assert.Equal(expected, Read(rows));
            transaction.Rollback();
        }
    }

    [Theory]
    [MemberData(nameof(Lookups))]
    public void A_reader_shows_its_own_writes_after_the_transaction_has_ended(string condition)
    {
        _session.Begin(IsolationLevel.Unspecified);
        _session.Run("UPDATE kv SET v = 'mine' WHERE k = 2");
        var expected = Read(Rows($"SELECT v FROM kv WHERE {condition}"));
        Assert.Contains("mine", expected);
        var rows = Rows($"SELECT v FROM kv WHERE {condition}");
        _session.Run("COMMIT");
        _session.Run("DELETE FROM kv");
        Assert.Equal(expected, Read(rows));
    }

    [Theory]
    [MemberData(nameof(Lookups))]
    public void A_reader_shows_what_its_transaction_has_rolled_back_since(string condition)
    {
        _session.Begin(IsolationLevel.Unspecified);
        _session.Run("SAVEPOINT s");
        _session.Run("UPDATE kv SET v = 'mine' WHERE k = 2");
        var expected = Read(Rows($"SELECT v FROM kv WHERE {condition}"));
        Assert.Contains("mine", expected);
        var rows = Rows($"SELECT v FROM kv WHERE {condition}");
        _session.Run("ROLLBACK TO s");
        _session.Run("UPDATE kv SET v = 'later' WHERE k = 2"); // in the memory that the savepoint gave back
        _session.Run("INSERT INTO kv VALUES (3, 'later')");
        Assert.Equal(expected, Read(rows));
        _session.Run("ROLLBACK");
    }

    [Theory]
    [MemberData(nameof(Lookups))]
    public void A_reader_in_autocommit_does_not_meet_later_writes(string condition)
    {
        var expected = Read(Rows($"SELECT v FROM kv WHERE {condition}"));
        var rows = Rows($"SELECT v FROM kv WHERE {condition}");
        _session.Run("DELETE FROM kv");
        _session.Run("INSERT INTO kv VALUES (3, 'later')");
        Assert.Equal(expected, Read(rows));
    }

    [Fact]
    public void What_a_list_looks_up_in_a_transaction_stays_within_the_budget()
    {
        _session.Run("UPSERT INTO kv VALUES (10, @v), (11, @v), (12, @v)", ("v", SqlValue.FromBlob(new byte[30 << 20])));
        Assert.Equal(3, _session.Long("SELECT COUNT(v) FROM kv WHERE k IN (10, 11, 12)"));
        _session.Begin(IsolationLevel.Unspecified);
        Assert.Equal(3, _session.Long("SELECT COUNT(v) FROM kv WHERE k IN (10, 11, 12)"));
        Assert.Equal("53200", Assert.Throws<LsmException>(() => Rows("SELECT v FROM kv WHERE k IN (10, 11, 12)")).SqlState);
        Assert.Equal(3, Read(Rows("SELECT k FROM kv WHERE k >= 10")).Count);
    }

    [Theory]
    [InlineData("SELECT MIN(k) FROM t UNION ALL SELECT MAX(k) FROM t")]
    [InlineData("SELECT k FROM t UNION SELECT MAX(k) FROM u UNION SELECT k FROM t WHERE k = -1 OR k > 0")]
    [InlineData("SELECT MIN(k) FROM t UNION SELECT MAX(k) FROM u")]
    [InlineData("SELECT MIN(k) - MAX(k) FROM t")]
    [InlineData("SELECT MAX(k) - MIN(k) FROM u")]
    public void All_parts_of_a_SELECT_read_the_same_moment(string text)
    {
        // Both tables hold one row of the same key, which goes up and up.
        _session.Run("CREATE TABLE t (k INTEGER PRIMARY KEY)");
        _session.Run("CREATE TABLE u (k INTEGER PRIMARY KEY)");
        _session.Run("INSERT INTO t VALUES (1)");
        _session.Run("INSERT INTO u VALUES (1)");
        using var done = new CancellationTokenSource();
        var writer = new Thread(() =>
        {
            using var session = Open();
            while (!done.IsCancellationRequested)
            {
                foreach (var statement in (string[])["BEGIN", "UPDATE t SET k = k + 1", "UPDATE u SET k = k + 1", "COMMIT"])
                {
                    session.Run(statement);
                }
            }
        });
        writer.Start();
        try
        {
            for (var i = 0; i < 600; i++)
            {
                var distinct = Read(Rows(text)).Distinct().ToList();
                Assert.Single(distinct);
                Assert.True(!text.Contains(" - ", StringComparison.Ordinal) || distinct[0] == "0", $"{text} gave {distinct[0]}");
            }
        }
        finally
        {
            done.Cancel();
            writer.Join();
        }
    }

    [Fact]
    public void A_UNION_gives_its_moment_back_with_its_rows()
    {
        var before = _session.Store.GetStatistics().OpenSnapshots;
        using (Rows("SELECT v FROM kv WHERE k = 1 UNION ALL SELECT v FROM kv"))
        {
            Assert.True(_session.Store.GetStatistics().OpenSnapshots > before);
        }

        Read(Rows("SELECT MIN(k) FROM kv UNION SELECT MAX(k) FROM kv"));
        Read(Rows("SELECT v FROM kv WHERE k > 0 UNION SELECT v FROM kv ORDER BY 1"));
        Assert.Throws<LsmException>(() => Rows("SELECT k FROM kv UNION SELECT k / 0 FROM kv ORDER BY 1"));
        Assert.Throws<LsmException>(() => Rows("SELECT v FROM kv UNION SELECT MAX(k / 0) FROM kv"));
        Assert.Equal(before, _session.Store.GetStatistics().OpenSnapshots);
    }

    private static List<string> Read(IRowSource rows)
    {
        using (rows)
        {
            var values = new List<string>();
            while (rows.Read())
            {
                rows.GetValue(0, out var value);
                values.Add(ValueFormat.ToText(value));
            }

            return values;
        }
    }

    private IRowSource Rows(string text) => _session.Execute(_session.Prepare(text), 0, ParameterSet.Empty, default).Rows!;

    private Session Open() => Session.Open(SqlScriptRunner.Memory("moments"), _registry, CancellationToken.None);
}
