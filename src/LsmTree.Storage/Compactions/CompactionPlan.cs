using System.Collections.Immutable;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Compactions;

/// <summary>A decision: these tables, this way, to that level. Carrying it out is <see cref="CompactionJob"/>'s.</summary>
/// <param name="Kind">What happens to the inputs.</param>
/// <param name="Reason">Why.</param>
/// <param name="Inputs">The inputs, upper levels first; a level occurs once, and only with tables.</param>
/// <param name="OutputLevel">Where the result goes; without meaning for <see cref="CompactionKind.DropCovered"/>.</param>
internal sealed record CompactionPlan(CompactionKind Kind, CompactionReason Reason, ImmutableArray<CompactionInput> Inputs, int OutputLevel)
{
    public IEnumerable<TableFile> Tables => Inputs.SelectMany(static input => input.Tables);

    /// <summary>Bytes of the files of the inputs.</summary>
    public long InputBytes => Tables.Sum(static table => table.Info.FileBytes);

    /// <summary>From the smallest to the largest key of the inputs: outputs stay within.</summary>
    public KeyRange Range => Tables.Select(static table => table.Info.Range).Aggregate(static (left, right) => left.Union(right));

    /// <summary>True when both may not run at the same time: they share an input, or their outputs could overlap on one level.</summary>
    public bool ConflictsWith(CompactionPlan running)
    {
        if (Tables.IntersectBy(running.Tables.Select(static table => table.Number), static table => table.Number).Any())
        {
            return true;
        }

        return Kind != CompactionKind.DropCovered
            && running.Kind != CompactionKind.DropCovered
            && OutputLevel == running.OutputLevel
            && Range.Overlaps(running.Range);
    }

    /// <summary>The removal of all inputs.</summary>
    public IReadOnlyList<RemovedTable> Removed =>
        [.. Inputs.SelectMany(static input => input.Tables.Select(table => new RemovedTable(input.Level, table.Number)))];

    /// <summary>For messages: "Merge L0{9,8} L6{3} to L6 (Level0)".</summary>
    public override string ToString()
    {
        var inputs = Inputs.Select(static input => $"L{input.Level}{{{string.Join(',', input.Tables.Select(static table => table.Number))}}}");
        var target = Kind == CompactionKind.DropCovered ? "" : $" to L{OutputLevel}";
        return $"{Kind} {string.Join(' ', inputs)}{target} ({Reason})";
    }
}
