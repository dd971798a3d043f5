namespace LsmTree.Storage.Tests.Support;

/// <summary>What can be done to a <see cref="FaultyFileSystem"/>. Those up to <see cref="Lock"/> change something; they are counted and traced.</summary>
internal enum FileOperation
{
    Create,
    Append,
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
    Dispose,
}
