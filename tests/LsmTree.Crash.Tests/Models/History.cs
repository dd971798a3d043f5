namespace LsmTree.Crash.Tests.Models;

/// <summary>A list of steps that a seed and a length determine.</summary>
internal static class History
{
    public static Step[] Create(ulong seed, int length)
    {
        var dice = new Dice(seed * 0xD1342543DE82EF95 + 1);
        var steps = new Step[length];
        for (var i = 0; i < length; i++)
        {
            steps[i] = new Step(OperationKinds.Draw(ref dice), dice.Next());
        }

        return steps;
    }
}
