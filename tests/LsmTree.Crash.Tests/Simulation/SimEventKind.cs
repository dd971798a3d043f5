namespace LsmTree.Crash.Tests.Simulation;

/// <summary>What a <see cref="SimFileSystem"/> can be asked. Those up to <see cref="Lock"/> change something, and only they are recorded.</summary>
internal enum SimEventKind
{
    Create,
    Append,
    Reserve,
    Sync,
    Finish,
    SyncDirectory,
    Rename,
    Delete,
    Link,
    CreateDirectory,
    Lock,
    Open,
    Read,
    Look,

    /// <summary>Not an operation: the workload says that a commit begins, is acknowledged, or that a flush is done.</summary>
    Mark,
}
