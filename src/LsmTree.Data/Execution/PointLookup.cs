using LsmTree.Data.Expressions;
using LsmTree.Data.Planning;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>
/// A SELECT of one row by its key, from parameters to outputs in one object that a session uses again and again: the key is encoded on the stack,
/// the row lands in a buffer that stays. An execution allocates nothing.
/// </summary>
/// <remarks>It is in use from <see cref="Open"/> to <see cref="Dispose"/>; its owner asks <see cref="IsFree"/> before the next Open.</remarks>
internal sealed class PointLookup : IRowSource
{
    private readonly EvaluationFrame _frame = new();
    private readonly FoundRow _row = new();
    private OutputList _outputs = OutputList.None;
    private bool _hasRow;

    public bool IsFree { get; private set; } = true;

    /// <summary>Finds the row.</summary>
    /// <param name="plan">A plan with a <see cref="SelectPlan.Point"/>.</param>
    /// <param name="slots">The parameters of the text.</param>
    /// <param name="parameters">The parameters of the command.</param>
    /// <param name="store">The store.</param>
    /// <param name="transaction">The transaction to read in; null to read what is there now.</param>
    public void Open(SelectPlan plan, ParameterSlots slots, ParameterSet parameters, LsmStore store, StoreTransaction? transaction)
    {
        var access = plan.Point!;
        _frame.Bind(slots, parameters);
        _frame.Row = _row;
        _outputs = plan.Cores[0].Outputs;
        _hasRow = (access.Guard is null || access.Guard.Test(_frame) == true)
            && _row.TryFind(access.Table, ((PointPath)access.Path).Key, _frame, store, transaction)
            && (access.Residual is null || access.Residual.Test(_frame) == true);
        if (_hasRow && _outputs.UsesParameters)
        {
            _frame.DetachParameters();
        }

        IsFree = false;
    }

    public bool Read()
    {
        var hasRow = _hasRow;
        _hasRow = false;
        return hasRow;
    }

    public void GetValue(int ordinal, out SqlValue value)
    {
        if (_outputs.PlainOrdinals is { } ordinals)
        {
            _row.GetValue(ordinals[ordinal], out value);
        }
        else
        {
            _outputs.Expressions[ordinal].Evaluate(_frame, out value);
        }
    }

    public void Dispose()
    {
        _hasRow = false;
        IsFree = true;
    }
}
