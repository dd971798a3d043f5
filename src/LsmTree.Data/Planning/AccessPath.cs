using LsmTree.Data.Expressions;

namespace LsmTree.Data.Planning;

/// <summary>
/// How rows are found by their key. A closed hierarchy: every case is in this file. Paths hold expressions; the bytes of keys are made at each execution.
/// </summary>
internal abstract record AccessPath;

/// <summary>The condition can never hold: no row is read.</summary>
internal sealed record EmptyPath : AccessPath;

/// <param name="Key">A value for every key column: at most one row.</param>
internal sealed record PointPath(IReadOnlyList<BoundExpression> Key) : AccessPath;

/// <param name="Keys">Complete keys, as written; sorted and freed from duplicates at execution.</param>
internal sealed record MultiPointPath(IReadOnlyList<IReadOnlyList<BoundExpression>> Keys) : AccessPath;

/// <param name="Prefix">Equal values for the leading key columns; may be empty.</param>
/// <param name="Lower">Lower ends for what follows the prefix; the tightest counts. Empty: open.</param>
/// <param name="Upper">Upper ends; the tightest counts. Empty: open.</param>
/// <param name="Like">A pattern whose fixed beginning narrows the first column after the prefix; null when there is none.</param>
internal sealed record RangePath(IReadOnlyList<BoundExpression> Prefix, IReadOnlyList<KeyBound> Lower, IReadOnlyList<KeyBound> Upper, PatternTest? Like) : AccessPath
{
    public bool IsWholeTable => Prefix.Count == 0 && Lower.Count == 0 && Upper.Count == 0 && Like is null;
}

/// <summary>One range for each of several beginnings of the key: an IN on a column that is not the key's last.</summary>
/// <param name="FixedColumns">The leading key columns that have the same value in all prefixes.</param>
/// <param name="Terms">The conditions that the prefixes come from, for EXPLAIN.</param>
/// <param name="Prefixes">Values for the leading key columns, all of one length; sorted and freed from duplicates at execution.</param>
/// <param name="Lower">Lower ends for what follows each prefix.</param>
/// <param name="Upper">Upper ends.</param>
/// <param name="Like">A pattern for the first column after the prefixes; null when there is none.</param>
internal sealed record MultiRangePath(
    int FixedColumns,
    IReadOnlyList<BoundExpression> Terms,
    IReadOnlyList<IReadOnlyList<BoundExpression>> Prefixes,
    IReadOnlyList<KeyBound> Lower,
    IReadOnlyList<KeyBound> Upper,
    PatternTest? Like) : AccessPath
{
    public RangePath RangeOf(int prefix) => new(Prefixes[prefix], Lower, Upper, Like);
}
