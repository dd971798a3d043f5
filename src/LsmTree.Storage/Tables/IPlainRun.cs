using LsmTree.Storage.Blocks;

namespace LsmTree.Storage.Tables;

/// <summary>A sorted run of tables whose index knows which blocks are plain: one Put for each of their keys, and no version of a key in a neighbour.</summary>
internal interface IPlainRun
{
    /// <summary>
    /// At the first entry of a plain block, all below the bound: moves to the first entry behind the
    /// block without decoding it, and gives the number of entries passed. Otherwise false, and the cursor has not moved.
    /// </summary>
    bool TrySkipPlainBlock(ReadOnlySpan<byte> upperBound, bool hasUpperBound, out int count);

    /// <summary>
    /// The run's own cursor over the block of the present entry, when that block is plain; else null. Stepping it moves the run
    /// (<see cref="BlockCursor.TryStep"/>), past every question that a run of unknown entries has to ask.
    /// </summary>
    BlockCursor? PlainBlock { get; }
}
