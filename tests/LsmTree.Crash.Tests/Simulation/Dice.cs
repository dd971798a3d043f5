namespace LsmTree.Crash.Tests.Simulation;

/// <summary>Random numbers from a seed, with no memory but eight bytes (SplitMix64): each step of a history has dice of its own.</summary>
internal struct Dice(ulong seed)
{
    private ulong _state = seed; // changes with every throw

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>True once in <paramref name="of"/> throws.</summary>
    public bool Once(int of) => Below(of) == 0;
}
