using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>The columns of the row that an expression is evaluated against: a stored row, a row about to be stored, or a row of results.</summary>
internal interface IColumnValues
{
    /// <summary>The value of a column; valid until the row changes.</summary>
    void GetValue(int ordinal, out SqlValue value);
}
