using LsmTree.Data.Expressions;
using LsmTree.Data.Planning;
using LsmTree.Data.Schemas;

namespace LsmTree.Data.Execution;

/// <summary>SET: a stored row with some columns computed anew. All are computed from the old row.</summary>
internal static class RowChange
{
    public static void Compute(TableSchema table, IColumnValues old, IReadOnlyList<ColumnAssignment> assignments, ValueRow changed, EvaluationFrame frame)
    {
        changed.Reset(table.Columns.Count);
        for (var i = 0; i < table.Columns.Count; i++)
        {
            old.GetValue(i, out changed.Values[i]);
        }

        frame.Row = old;
        foreach (var assignment in assignments)
        {
            assignment.Value.Evaluate(frame, out var computed);
            StoredValues.Assign(table, assignment.Column, computed, out changed.Values[assignment.Column.Ordinal]);
        }
    }
}
