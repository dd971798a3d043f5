namespace LsmTree.Data.Expressions;

internal enum AggregateFunction
{
    /// <summary><c>COUNT(*)</c>.</summary>
    CountRows,

    /// <summary><c>COUNT(e)</c>: the rows where e is not NULL.</summary>
    Count,
    Min,
    Max,
    Sum,
    Avg,
}
