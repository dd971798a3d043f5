namespace LsmTree.Data.Planning;

/// <summary>How the aggregates of a range of keys are found without reading every row of it.</summary>
internal enum AggregateShortcut
{
    /// <summary>By reading the rows.</summary>
    None,

    /// <summary>Only COUNT(*): the store counts keys.</summary>
    Count,

    /// <summary>Only MIN and MAX of the key column that orders the range: its first and last rows.</summary>
    Edges,
}
