using LsmTree.Data.Expressions;
using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>Expressions over the rows of a source; each is computed when it is asked for.</summary>
internal sealed class ComputedColumns(IRowSource source, IReadOnlyList<BoundExpression> outputs, EvaluationFrame frame) : IRowSource
{
    public bool Read() => source.Read();

    public void GetValue(int ordinal, out SqlValue value)
    {
        frame.Row = source;
        outputs[ordinal].Evaluate(frame, out value);
    }

    public void Dispose() => source.Dispose();
}
