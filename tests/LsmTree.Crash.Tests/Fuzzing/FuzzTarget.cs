namespace LsmTree.Crash.Tests.Fuzzing;

/// <summary>Something that takes bytes or text from strangers.</summary>
/// <param name="name">The word for a replay.</param>
/// <param name="perRound">Seeds to a round of the CI lane: many where they are cheap; a round of no target takes more than some tenths of a second.</param>
internal abstract class FuzzTarget(string name, int perRound)
{
    public string Name => name;

    public int PerRound => perRound;

    /// <summary>What one seed may allocate, in bytes.</summary>
    public virtual long MostBytes => 4 << 20;

    /// <summary>Whether a failure ends the process, so that <see cref="LastWords"/> are needed.</summary>
    public virtual bool CanEndProcess => false;

    /// <summary>Feeds it what the dice say. Throws when the answer is not among the documented ones.</summary>
    /// <returns>How many inputs those were.</returns>
    public abstract int Execute(ref Dice dice);
}
