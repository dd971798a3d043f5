namespace LsmTree.Data.Differential.Duels;

/// <summary>Which stories a run tells: those of the lane, or the one of a replay.</summary>
internal static class Seeds
{
    /// <summary>The environment variable that asks for one story: SEEDxLENGTH, as a failure prints it.</summary>
    public const string Variable = "LSMTREE_DIFFERENTIAL";

    public const int StoryLength = 250;

    /// <summary>The first seeds of batches of <paramref name="stories"/> stories each; for a replay the one seed.</summary>
    public static TheoryData<int, int, int> Batches(int batches, int stories)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } replay)
        {
            var parts = replay.Split('x').Select(static part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            return [(parts[0], 1, parts[1])];
        }

        return [.. Enumerable.Range(0, batches).Select(batch => ((batch * stories) + 1, stories, StoryLength))];
    }
}
