using LsmTree.Data.Differential.Databases;
using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Duels;

/// <summary>The first statement of a story about which two databases do not agree.</summary>
internal sealed record Difference(int Position, Statement Statement, Outcome Ours, Outcome Theirs)
{
    /// <summary>Whether another difference is this one, in a shorter story.</summary>
    public bool IsSameAs(Difference? other) =>
        other is not null && ReferenceEquals(Statement, other.Statement) && Ours.Error == other.Ours.Error && Theirs.Error == other.Theirs.Error;
}
