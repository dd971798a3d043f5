namespace LsmTree.Storage.Blocks;

/// <summary>What <see cref="BlockSearch"/> met.</summary>
internal enum BlockSearchResult
{
    /// <summary>The block holds no entry of the key that is old enough.</summary>
    Absent,

    /// <summary>The entry was found.</summary>
    Found,

    /// <summary>The bytes are not a block of entries.</summary>
    Damaged,
}
