using System.Globalization;

namespace LsmTree.Crash.Tests.Simulation;

/// <summary>One recorded operation, or one mark of the workload.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Node">The file; null for directories and marks.</param>
/// <param name="From">The path that the operation is about.</param>
/// <param name="To">The new path of a rename or link.</param>
/// <param name="Value">Bytes appended; the length reserved; the value of a mark.</param>
/// <param name="Mark">Which mark it is.</param>
internal readonly record struct SimEvent(SimEventKind Kind, SimNode? Node, string? From, string? To, int Value, SimMark Mark = default)
{
    public override string ToString() => Kind == SimEventKind.Mark
        ? string.Create(CultureInfo.InvariantCulture, $"-- {Mark} {Value}")
        : string.Create(CultureInfo.InvariantCulture, $"{Kind} {Path.GetFileName(From)} {Path.GetFileName(To)} {Value}");
}
