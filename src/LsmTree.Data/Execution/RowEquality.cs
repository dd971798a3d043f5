using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>Whether two rows are duplicates: value by value, NULL being like NULL.</summary>
internal sealed class RowEquality : IEqualityComparer<SqlValue[]>
{
    public static readonly RowEquality Instance = new();

    private RowEquality()
    {
    }

    public bool Equals(SqlValue[]? x, SqlValue[]? y)
    {
        for (var i = 0; i < x!.Length; i++)
        {
            if (!SqlValueEquality.Instance.Equals(x[i], y![i]))
            {
                return false;
            }
        }

        return true;
    }

    public int GetHashCode(SqlValue[] obj)
    {
        var hash = new HashCode();
        foreach (var value in obj)
        {
            hash.Add(value, SqlValueEquality.Instance);
        }

        return hash.ToHashCode();
    }
}
