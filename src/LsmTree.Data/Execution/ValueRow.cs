using LsmTree.Data.Expressions;
using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>A row that is not stored yet: what INSERT and UPDATE compute.</summary>
internal sealed class ValueRow : IColumnValues
{
    public SqlValue[] Values { get; private set; } = [];

    /// <summary>Makes room for the columns of a table, all NULL.</summary>
    public void Reset(int columns)
    {
        if (Values.Length == columns)
        {
            Array.Clear(Values);
        }
        else
        {
            Values = new SqlValue[columns];
        }
    }

    public void GetValue(int ordinal, out SqlValue value) => value = Values[ordinal];
}
