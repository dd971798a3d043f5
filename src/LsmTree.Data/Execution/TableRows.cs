using LsmTree.Data.Expressions;
using LsmTree.Data.Rows;
using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>Stored rows of one table, with their keys: what reading statements start from and writing statements change.</summary>
internal abstract class TableRows(RowShape shape, BoundExpression? residual, EvaluationFrame frame) : IRowSource
{
    /// <summary>The present row.</summary>
    protected RowReader Row { get; } = new(shape);

    /// <summary>The key of the present row as stored; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Key
    {
        get
        {
            LoadKey();
            return Row.Key;
        }
    }

    public bool Read()
    {
        frame.Row = this;
        while (Move())
        {
            if (residual is null || residual.Test(frame) == true)
            {
                return true;
            }
        }

        return false;
    }

    public abstract void GetValue(int ordinal, out SqlValue value);

    public abstract void Dispose();

    /// <summary>Steps to the next row of the path, whether the residual likes it or not.</summary>
    protected abstract bool Move();

    /// <summary>Makes sure that the key is in <see cref="Row"/>.</summary>
    protected abstract void LoadKey();
}
