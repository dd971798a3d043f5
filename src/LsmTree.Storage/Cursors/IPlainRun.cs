namespace LsmTree.Storage.Cursors;

/// <summary>A cursor over one sorted run of blocks that can count a block without decoding it.</summary>
internal interface IPlainRun
{
    /// <summary>
    /// When the cursor is at the first entry of a block that holds only puts of distinct keys, all below <paramref name="upperBound"/>, moves to the
    /// entry after that block and gives how many were passed; otherwise leaves the cursor where it is.
    /// </summary>
    bool TrySkipPlainBlock(ReadOnlySpan<byte> upperBound, bool hasUpperBound, out int count);
}
