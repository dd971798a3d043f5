namespace LsmTree.Storage;

/// <summary>How records reach the log.</summary>
public enum LogAppend
{
    /// <summary>By memory copy into a preallocated, memory-mapped file: no system call for a write.</summary>
    Mapped = 0,

    /// <summary>By positional write, one system call for each record.</summary>
    Positional = 1,
}
