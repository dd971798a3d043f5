namespace LsmTree.Storage;

/// <summary>How a block is stored. The numbers are part of the table format; those from 64 on belong to a <see cref="BlockCompressor"/>.</summary>
public enum Compression : byte
{
    /// <summary>As it is.</summary>
    None = 0,

    /// <summary>Brotli at quality 1, from the base class library. A block that does not shrink by an eighth is stored as it is.</summary>
    Brotli = 1,
}
