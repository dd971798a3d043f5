using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Recovery;

/// <summary>What recovery needs of the options.</summary>
/// <param name="Mode">Whether the directory may be created or written.</param>
/// <param name="Recovery">What to do with damage in the logs.</param>
/// <param name="MemtableBytes">Bytes replayed into memory before they are written to a table.</param>
/// <param name="BlockCacheBytes">The capacity of the block cache.</param>
/// <param name="Tables">How tables are written.</param>
/// <param name="Seed">The identity of a store that is created.</param>
/// <param name="Holder">Who takes the lock, for the message that others get.</param>
internal sealed record RecoverySettings(OpenMode Mode, RecoveryMode Recovery, long MemtableBytes, long BlockCacheBytes, TableSettings Tables, ulong Seed, string Holder);
