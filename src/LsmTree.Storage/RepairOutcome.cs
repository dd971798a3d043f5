namespace LsmTree.Storage;

/// <summary>What a repair made of a file.</summary>
public enum RepairOutcome
{
    /// <summary>All of it was sound, and is in the repaired store.</summary>
    Whole = 0,

    /// <summary>A part of it was saved.</summary>
    Partial = 1,

    /// <summary>Nothing could be read.</summary>
    Lost = 2,

    /// <summary>The manifest names the file, and it is not there.</summary>
    Missing = 3,

    /// <summary>All that it holds is known to be in other files, or no longer to count.</summary>
    Obsolete = 4,

    /// <summary>It holds no data (manifest, CURRENT, lock, options), or is no file of a store.</summary>
    NotData = 5,
}
