namespace LsmTree.Storage.Compactions;

/// <summary>Whether entries at the bottom of the tree lose their sequence numbers.</summary>
internal enum SequenceZeroing
{
    /// <summary>No: the output goes to level 0, whose tables are ordered by them.</summary>
    Never,

    /// <summary>Yes, when everybody sees the entry and nothing lies below it.</summary>
    AtTheBottom,
}
