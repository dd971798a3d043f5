using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>Rows, one after another. What the reader reads and what operators are made of.</summary>
/// <remarks>Values are valid until the next <see cref="Read"/> or <see cref="IDisposable.Dispose"/>; keep one with <see cref="SqlValue.ToOwned"/>.</remarks>
internal interface IRowSource : IDisposable
{
    /// <summary>Moves to the next row; false at the end, and ever after.</summary>
    bool Read();

    /// <summary>The value of a column of the current row.</summary>
    void GetValue(int ordinal, out SqlValue value);
}
