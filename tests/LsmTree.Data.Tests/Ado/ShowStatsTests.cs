using LsmTree.Data.Execution;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Tests.Ado;

public sealed class ShowStatsTests
{
    [Fact]
    public void A_sound_store_has_counters_and_no_failure()
    {
        using var connection = Memory.Open();
        connection.Execute("INSERT INTO kv VALUES (1, 1)");
        using var reader = connection.Command("SHOW STATS").ExecuteReader();
        Assert.Equal("ANY", reader.GetDataTypeName(1));
        var rows = new Dictionary<string, object>();
        while (reader.Read())
        {
            rows.Add(reader.GetString(0), reader.GetValue(1));
        }

        Assert.Equal(connection.Store.GetStatistics().Commits, Assert.IsType<long>(rows["commits"]));
        Assert.Equal(["failure", "compaction_failure"], rows.Where(static row => row.Value is DBNull).Select(static row => row.Key));
    }

    [Fact]
    public void What_has_stopped_writes_or_compactions_is_shown_as_text()
    {
        var rows = Listing.Statistics(new StoreStatistics { Failure = "the log could not be synced", CompactionFailure = "000042.sst is damaged" });
        var texts = new Dictionary<string, string>();
        while (rows.Read())
        {
            rows.GetValue(1, out var value);
            if (value.Type == SqlType.Text)
            {
                rows.GetValue(0, out var name);
                texts.Add(name.AsString(), value.AsString());
            }
        }

        Assert.Equal((KeyValuePair<string, string>[])[new("failure", "the log could not be synced"), new("compaction_failure", "000042.sst is damaged")], texts);
    }
}
