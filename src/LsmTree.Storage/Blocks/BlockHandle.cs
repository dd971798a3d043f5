namespace LsmTree.Storage.Blocks;

/// <summary>Where a block is in its file. <paramref name="Size"/> counts the stored contents, without the trailer that follows them.</summary>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Size">Bytes of stored contents. A block that does not exist has size 0.</param>
internal readonly record struct BlockHandle(long Offset, int Size)
{
    public bool IsAbsent => Size == 0;

    /// <summary>The offset of the first byte behind the block's trailer.</summary>
    public long End => Offset + Size + BlockFormat.TrailerBytes;
}
