namespace LsmTree.Storage;

/// <summary>What <see cref="LsmStore.Open"/> may do with the directory.</summary>
public enum OpenMode
{
    /// <summary>Read and write; create the store when it is not there.</summary>
    ReadWriteCreate = 0,

    /// <summary>Read and write; a directory without a store is an error.</summary>
    ReadWrite = 1,

    /// <summary>Read only: not a byte of the directory changes.</summary>
    ReadOnly = 2,
}
