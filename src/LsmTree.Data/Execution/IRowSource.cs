using LsmTree.Data.Expressions;
using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>Rows, one after another. What the reader reads and what operators are made of.</summary>
/// <remarks>
/// Values are valid until the next <see cref="Read"/> or <see cref="IDisposable.Dispose"/>; keep one with <see cref="SqlValue.ToOwned"/>.
/// A source is disposed once, by its owner, who forgets it then: some are used again for the next statement.
/// </remarks>
internal interface IRowSource : IColumnValues, IDisposable
{
    /// <summary>Moves to the next row; false at the end, and ever after.</summary>
    bool Read();
}
