namespace LsmTree.Data;

/// <summary>What a connection may do with its data source: the <c>Mode</c> of a connection string.</summary>
public enum LsmOpenMode
{
    /// <summary>Read and write; create the directory and the store when they are not there.</summary>
    ReadWriteCreate = 0,

    /// <summary>Read and write; a directory without a store is an error.</summary>
    ReadWrite = 1,

    /// <summary>Read only: writes are refused with SQLSTATE 25006.</summary>
    ReadOnly = 2,

    /// <summary>A store in memory, shared by name between the connections of this process and gone when the last of them closes.</summary>
    Memory = 3,
}
