namespace LsmTree.Storage.Memory;

/// <summary>Whether the system is asked to back memory with large pages, where it knows of such: fewer translations of addresses to look up, and memory in steps of 2 MiB.</summary>
internal enum HugePages
{
    /// <summary>The system decides.</summary>
    Unasked,

    /// <summary>The system is asked, and may decline.</summary>
    Asked,
}
