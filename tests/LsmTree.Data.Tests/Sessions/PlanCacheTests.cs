using LsmTree.Data.Sessions;
using LsmTree.Data.Tests.Sql;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Sessions;

public sealed class PlanCacheTests : IDisposable
{
    private readonly StoreRegistry _registry = new(TimeProvider.System);
    private readonly Session _session;

    public PlanCacheTests() => _session = Open();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Connections_share_the_script_of_a_text()
    {
        using var other = Open();
        var text = "SELECT v FROM kv WHERE k = 1";

        var first = _session.Prepare(text);

        Assert.Same(first, _session.Prepare(text));
        Assert.Same(first, other.Prepare(new string(text)));
    }

    [Fact]
    public void A_change_of_tables_makes_scripts_stale()
    {
        var script = _session.Prepare("SELECT * FROM kv");
        Assert.True(_session.IsCurrent(script));

        _session.Run("CREATE TABLE t (a INTEGER PRIMARY KEY)");

        Assert.False(_session.IsCurrent(script));
        var again = _session.Prepare("SELECT * FROM kv");
        Assert.NotSame(script, again);
        Assert.True(_session.IsCurrent(again));
    }

    [Fact]
    public void A_stale_script_executes_against_the_tables_of_now()
    {
        _session.Run("CREATE TABLE t (a INTEGER PRIMARY KEY)");
        var script = _session.Prepare("SELECT * FROM t");
        _session.Run("DROP TABLE t; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)");

        using var rows = _session.Execute(script, 0, ParameterSet.Empty, default).Rows;

        Assert.False(_session.IsCurrent(script));
    }

    [Fact]
    public void The_cache_is_bounded_and_long_texts_stay_out()
    {
        var cache = new PlanCache();
        var catalogue = _session.Prepare("SELECT 1").Catalogue;
        for (var i = 0; i < PlanCache.Capacity + 100; i++)
        {
            cache.Get($"SELECT {i}", catalogue);
        }

        Assert.Equal(PlanCache.Capacity, cache.Count);
        var last = $"SELECT {PlanCache.Capacity + 99}";
        Assert.Same(cache.Get(last, catalogue), cache.Get(last, catalogue));

        var longText = "SELECT '" + new string('x', PlanCache.LongestText) + "'";
        Assert.NotNull(cache.Get(longText, catalogue));
        Assert.Equal(PlanCache.Capacity, cache.Count);
    }

    [Fact]
    public void Empty_texts_have_no_statements()
    {
        Assert.Equal(0, _session.Prepare("").Count);
        Assert.Equal(0, _session.Prepare(" -- nothing\n;;").Count);
    }

    private Session Open() => Session.Open(SqlScriptRunner.Memory("plan cache tests"), _registry, CancellationToken.None);
}
