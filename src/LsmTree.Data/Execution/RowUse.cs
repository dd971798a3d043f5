namespace LsmTree.Data.Execution;

/// <summary>When the rows of an access are read.</summary>
internal enum RowUse
{
    /// <summary>While the statement is executed.</summary>
    AtOnce,

    /// <summary>After it, when its transaction may have written more, or may have ended: the rows must be those of the execution all the same.</summary>
    Later,
}
