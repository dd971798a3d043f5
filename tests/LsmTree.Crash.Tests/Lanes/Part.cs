namespace LsmTree.Crash.Tests.Lanes;

/// <summary>One way of attacking the store, with the oracle that says what it must survive.</summary>
internal abstract class Part
{
    /// <summary>The word for <c>--only</c> and <c>--replay</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What a clean run shows, in one sentence.</summary>
    public abstract string Claim { get; }

    /// <summary>What it does not show.</summary>
    public abstract string Limits { get; }

    /// <summary>False in lanes that have no time for it.</summary>
    public virtual bool IsFor(Lane lane) => true;

    /// <summary>Whether it lets other processes do the work, and waits for them.</summary>
    public virtual bool IsOfProcesses => false;

    public abstract void Run(PartContext context);

    /// <summary>Repeats one case from the words of a failure's line; throws what it threw.</summary>
    public abstract void Replay(ReplayWords words);
}
