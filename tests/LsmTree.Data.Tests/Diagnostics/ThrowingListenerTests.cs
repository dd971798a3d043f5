using System.Diagnostics;
using System.Diagnostics.Metrics;
using LsmTree.Data.Tests.Ado;

namespace LsmTree.Data.Tests.Diagnostics;

/// <summary>Whoever listens to metrics and spans is called when a statement, or a commit, has been done, and may throw.</summary>
[Collection(ListeningTests.Name)]
public sealed class ThrowingListenerTests
{
    [Fact]
    public void A_listener_that_throws_at_a_measurement_harms_no_statement()
    {
        using var listener = new MeterListener
        {
            InstrumentPublished = static (published, listener) =>
            {
                if (published.Meter.Name == "LsmTree.Data" && !published.IsObservable)
                {
                    listener.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new InvalidTimeZoneException());
        listener.Start();
        UseConnection();
    }

    [Theory]
    [InlineData("sample")]
    [InlineData("started")]
    [InlineData("stopped")]
    public void A_listener_that_throws_at_a_span_harms_no_statement(string moment)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "LsmTree.Data",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => moment == "sample" ? throw new InvalidTimeZoneException() : ActivitySamplingResult.AllData,
            ActivityStarted = _ => ThrowAt("started"),
            ActivityStopped = _ => ThrowAt("stopped"),
        };
        ActivitySource.AddActivityListener(listener);
        UseConnection();
        Assert.Null(Activity.Current);

        void ThrowAt(string what)
        {
            if (what == moment)
            {
                throw new InvalidTimeZoneException();
            }
        }
    }

    private static void UseConnection()
    {
        using var connection = Memory.Open(";Ignore Command Transaction=true");
        Assert.Equal(1, connection.Execute("INSERT INTO kv VALUES (1, 1)"));
        using (var transaction = connection.BeginTransaction())
        {
            Assert.Equal(1, connection.Execute("INSERT INTO kv VALUES (2, 2)"));
            transaction.Commit();
        }

        Assert.Equal("23505", Assert.Throws<LsmException>(() => connection.Execute("INSERT INTO kv VALUES (1, 1)")).SqlState);
        Assert.Equal(2L, connection.Scalar("SELECT count(*) FROM kv"));
    }
}
