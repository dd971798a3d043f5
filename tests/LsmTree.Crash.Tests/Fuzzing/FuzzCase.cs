using System.Globalization;

namespace LsmTree.Crash.Tests.Fuzzing;

/// <summary>One seed for one target.</summary>
internal sealed record FuzzCase(string Target, ulong Seed)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"target={Target} seed={Seed}");
}
