using System.Diagnostics.Metrics;

namespace LsmTree.Data.Tests.Diagnostics;

[Collection(ListeningTests.Name)]
public sealed class ConnectionCountTests
{
    [Fact]
    public void Open_connections_are_counted_for_each_engine()
    {
        using (var source = LsmDataSource.Create("Data Source=counted;Mode=Memory"))
        {
            using var one = source.OpenConnection();
            using (var two = source.OpenConnection())
            {
                Assert.Equal(2, Count("counted"));
            }

            Assert.Equal(1, Count("counted"));
            one.Close();
            Assert.Equal(0, Count("counted")); // the engine is open: the data source keeps it
            one.Open();
            Assert.Equal(1, Count("counted"));
        }

        Assert.Null(Count("counted"));
    }

    private static int? Count(string store)
    {
        int? count = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "LsmTree.Data", Name: "db.client.connection.count" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            var told = tags.ToArray().ToDictionary();
            if (Equals(told["db.client.connection.pool.name"], store))
            {
                Assert.Equal("used", told["db.client.connection.state"]);
                Assert.True(told.ContainsKey("lsmtree.store"));
                count = value;
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return count;
    }
}
