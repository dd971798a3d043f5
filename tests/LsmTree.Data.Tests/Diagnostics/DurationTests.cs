using LsmTree.Data.Tests.Ado;

namespace LsmTree.Data.Tests.Diagnostics;

[Collection(ListeningTests.Name)]
public sealed class DurationTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open(";Name=timed");

    [Fact]
    public void Every_operation_is_timed_once_with_what_it_was()
    {
        using var durations = new HeardDurations("timed");
        _connection.Execute("INSERT INTO kv VALUES (1, 1)");
        Assert.Throws<LsmException>(() => _connection.Execute("INSERT INTO kv VALUES (1, 1)"));
        using (var command = _connection.Command("SELECT k FROM kv"))
        {
            using var reader = command.ExecuteReader();
            Assert.Single(durations.All, static heard => !heard.Tags.ContainsKey("error.type"));
            Assert.True(reader.Read());
        }

        var all = durations.All;
        Assert.Equal(3, all.Length);
        Assert.All(all, static heard =>
        {
            Assert.True(heard.Seconds > 0);
            Assert.Equal("lsmtree", heard.Tags["db.system.name"]);
            Assert.Equal(":memory:", heard.Tags["db.namespace"]);
            Assert.Equal("kv", heard.Tags["db.collection.name"]);
            Assert.False(heard.Tags.ContainsKey("db.query.text"));
        });
        Assert.Equal(["INSERT", "INSERT", "SELECT"], all.Select(static heard => heard.Tags["db.operation.name"]));
        Assert.Equal(["INSERT kv", "INSERT kv", "SELECT kv"], all.Select(static heard => heard.Tags["db.query.summary"]));
        Assert.Equal([null, "23505", null], all.Select(static heard => heard.Tags.GetValueOrDefault("error.type")));
        Assert.Equal([null, "23505", null], all.Select(static heard => heard.Tags.GetValueOrDefault("db.response.status_code")));
    }

    [Fact]
    public void Two_engines_of_one_directory_name_are_told_apart()
    {
        using var first = new TemporaryDirectory();
        using var second = new TemporaryDirectory();
        using var one = new LsmConnection($"Data Source={first.Path}/data;Name=shop");
        using var two = new LsmConnection($"Data Source={second.Path}/data");
        one.Open();
        two.Open();
        using var shop = new HeardDurations("shop");
        using var other = new HeardDurations(two.DataSource);
        one.Scalar("SELECT 1");
        two.Scalar("SELECT 1");
        two.Scalar("SELECT 1");
        Assert.Equal("data", Assert.Single(shop.All).Tags["db.namespace"]);
        Assert.Equal(2, other.All.Length);
    }

    [Fact]
    public void Nothing_is_allocated_when_nobody_listens()
    {
        _connection.Execute("INSERT INTO kv VALUES (1, 'one')");
        using var command = _connection.Command("SELECT v FROM kv WHERE k = @k", ("k", 2L));
        Assert.Equal(0, Allocations.Least(() => command.ExecuteScalar()));
    }

    [Fact]
    public void Timing_alone_allocates_nothing_either()
    {
        using var command = _connection.Command("SELECT v FROM kv WHERE k = @k", ("k", 2L));
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "LsmTree.Data")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        var count = 0;
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => count++);
        listener.Start();
        Assert.Equal(0, Allocations.Least(() => command.ExecuteScalar()));
        Assert.True(count > 1);
    }

    public void Dispose() => _connection.Dispose();
}
