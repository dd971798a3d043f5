namespace LsmTree.Data;

/// <summary>What a transaction is to be besides its isolation level; the members combine.</summary>
[Flags]
public enum LsmTransactionOptions
{
    /// <summary>It sees the store as of its beginning, and may write.</summary>
    None = 0,

    /// <summary>
    /// It sees the store as of its first statement: what others commit between the beginning and then neither hides from it nor conflicts
    /// with it. As BEGIN DEFERRED of SQLite, without the lock that SQLite takes later.
    /// </summary>
    Deferred = 1,

    /// <summary>It refuses writes, with SQLSTATE 25006: several statements read one moment, and none of them can change anything.</summary>
    ReadOnly = 2,
}
