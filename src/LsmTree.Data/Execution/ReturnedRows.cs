using LsmTree.Data.Expressions;
using LsmTree.Data.Planning;
using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>RETURNING: computes outputs from each row as it is written, and keeps them.</summary>
internal sealed class ReturnedRows(OutputList outputs, StatementContext context)
{
    public RowBuffer Rows { get; } = new();

    /// <summary>Null for a statement without RETURNING.</summary>
    public static ReturnedRows? For(OutputList outputs, StatementContext context) => outputs.IsEmpty ? null : new ReturnedRows(outputs, context);

    /// <summary>Adds the outputs for a row.</summary>
    public void Add(IColumnValues row)
    {
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
