namespace Peers;

/// <summary>Adds LsmTree to the engines that the benchmark compares.</summary>
public static partial class Registry
{
    static partial void AddExtra() => extra.Add(new("lsmtree", static () => new LsmTreeEngine()));
}
