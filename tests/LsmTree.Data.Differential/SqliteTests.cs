using LsmTree.Data.Differential.Databases;
using LsmTree.Data.Differential.Duels;
using LsmTree.Data.Differential.Generators;

namespace LsmTree.Data.Differential;

/// <summary>LsmTree against SQLite: more than 100,000 random statements of the common subset.</summary>
public sealed class SqliteTests(ITestOutputHelper output)
{
    public static TheoryData<int, int, int> Batches => Seeds.Batches(batches: 20, stories: 21);

    [Theory]
    [MemberData(nameof(Batches))]
    public void Random_stories_end_alike(int firstSeed, int stories, int length)
    {
        var tally = new Duel(static () => new SqliteDatabase(), Subset.OfSqlite).Run(firstSeed, stories, length);
        output.WriteLine($"seeds {firstSeed} to {firstSeed + stories - 1}: {tally}");
        tally.Check();
    }
}
