using LsmTree.Data.Differential.Databases;
using LsmTree.Data.Differential.Duels;
using LsmTree.Data.Differential.Generators;

namespace LsmTree.Data.Differential;

/// <summary>LsmTree against a PostgreSQL server of its own, where PostgreSQL is installed; skipped, with the reason, where it is not.</summary>
public sealed class PostgresTests(PostgresServer server, ITestOutputHelper output) : IClassFixture<PostgresServer>
{
    public static TheoryData<int, int, int> Batches => Seeds.Batches(batches: 8, stories: 10);

    [Theory]
    [MemberData(nameof(Batches))]
    public void Random_stories_end_alike(int firstSeed, int stories, int length)
    {
        Assert.SkipWhen(server.Absence is not null, server.Absence ?? "");
        var tally = new Duel(server.CreateDatabase, Subset.OfPostgres).Run(firstSeed, stories, length);
        output.WriteLine($"seeds {firstSeed} to {firstSeed + stories - 1}: {tally}");
        tally.Check();
    }
}
