using LsmTree.Data.Expressions;
using LsmTree.Data.Planning;
using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>RETURNING: computes outputs from each row as it is written, and keeps them.</summary>
internal sealed class ReturnedRows(OutputList outputs, StatementContext context)
{
    public RowBuffer? Rows { get; } = outputs.IsEmpty ? null : new RowBuffer();

    /// <summary>Adds the outputs for a row; nothing when there is no RETURNING.</summary>
    public void Add(IColumnValues row)
    {
        if (Rows is null)
        {
            return;
        }

        context.Frame.Row = row;
        var returned = new SqlValue[outputs.Expressions.Count];
        for (var i = 0; i < returned.Length; i++)
        {
            outputs.Expressions[i].Evaluate(context.Frame, out var value);
            returned[i] = value.ToOwned();
        }

        context.Budget.Charge(MemoryBudget.SizeOf(returned));
        Rows.Add(returned);
    }
}
