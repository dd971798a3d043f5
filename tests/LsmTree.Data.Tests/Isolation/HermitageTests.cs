using System.Data;
using LsmTree.Data.Tests.Docs;

namespace LsmTree.Data.Tests.Isolation;

/// <summary>Every anomaly at every level, through the provider. What is expected is the table in docs/adonet.md, which this test reads.</summary>
public sealed class HermitageTests
{
    public static TheoryData<string, IsolationLevel, bool> Table
    {
        get
        {
            var cases = new TheoryData<string, IsolationLevel, bool>();
            foreach (var row in MarkdownPage.Read("docs/adonet.md").Table("| Anomaly |"))
            {
                var anomaly = row[0].Split(' ')[0];
                foreach (var level in (IsolationLevel[])[IsolationLevel.Unspecified, IsolationLevel.ReadUncommitted, IsolationLevel.ReadCommitted, IsolationLevel.RepeatableRead, IsolationLevel.Snapshot])
                {
                    cases.Add(anomaly, level, row[2] == "possible");
                }

                cases.Add(anomaly, IsolationLevel.Serializable, row[3] == "possible");
            }

            return cases;
        }
    }

    [Fact]
    public void The_page_has_all_ten() => Assert.Equal(Anomalies.All.Keys.Order(), Table.Select(static row => row.Data.Item1).Distinct().Order());

    [Theory]
    [MemberData(nameof(Table))]
    public void An_anomaly_happens_only_where_the_page_says_so(string anomaly, IsolationLevel level, bool isPossible)
    {
        using var source = LsmDataSource.Create("Data Source=:memory:");
        using (var connection = source.OpenConnection())
        {
            using var command = new LsmCommand("CREATE TABLE test (id INTEGER PRIMARY KEY, value INTEGER); INSERT INTO test VALUES (1, 10), (2, 20)", connection);
            command.ExecuteNonQuery();
        }

        Assert.Equal(isPossible, Anomalies.All[anomaly](source, level));
    }

    [Theory]
    [InlineData(IsolationLevel.Unspecified, IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.ReadUncommitted, IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.ReadCommitted, IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.RepeatableRead, IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.Snapshot, IsolationLevel.Snapshot)]
    [InlineData(IsolationLevel.Serializable, IsolationLevel.Serializable)]
    public void A_weaker_level_is_raised_and_says_so(IsolationLevel asked, IsolationLevel given)
    {
        using var source = LsmDataSource.Create("Data Source=:memory:");
        using var player = new Player(source, asked);
        Assert.Equal(given, player.Level);
    }
}
