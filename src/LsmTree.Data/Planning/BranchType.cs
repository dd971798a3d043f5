using LsmTree.Data.Expressions;
using LsmTree.Data.Values;

namespace LsmTree.Data.Planning;

/// <summary>What decides the type in which a branch of CASE, COALESCE or UNION meets the others.</summary>
/// <param name="Type">Its own type.</param>
/// <param name="IsQuoted">True for a quoted literal and for a parameter that holds a text: it is read as the type of the others, when they have one and it is not of texts.</param>
internal readonly record struct BranchType(SqlType Type, bool IsQuoted)
{
    /// <summary>What the statement says of a branch.</summary>
    public static BranchType Of(BoundExpression branch) => new(branch.Type, IsQuotedLiteral(branch));

    public static bool IsQuotedLiteral(BoundExpression branch) => branch is Constant { Type: SqlType.Text };

    /// <summary>True for a type that a text beside it is read as.</summary>
    public static bool IsReadFromText(SqlType type) => type is not (SqlType.Text or SqlType.Blob or SqlType.Any or SqlType.Null);

    /// <summary>The type in which branches meet.</summary>
    /// <param name="branches">The branches.</param>
    /// <param name="common">Their type; that of those before the one that does not fit.</param>
    /// <param name="other">The type that does not fit.</param>
    public static bool TryMeet(IEnumerable<BranchType> branches, out SqlType common, out SqlType other)
    {
        common = SqlType.Null;
        other = SqlType.Null;
        foreach (var branch in branches.OrderBy(static branch => branch.IsQuoted))
        {
            other = branch.Type;
            if (branch.IsQuoted && IsReadFromText(common))
            {
                continue;
            }

            if (!SqlTypes.TryCommonType(common, other, out var wider))
            {
                return false;
            }

            common = wider;
        }

        return true;
    }
}
