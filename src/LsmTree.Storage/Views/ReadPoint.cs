namespace LsmTree.Storage.Views;

/// <summary>What a snapshot, a transaction or a cursor is fixed to, so that its reads repeat.</summary>
/// <param name="Sequence">The newest sequence number that counts.</param>
/// <param name="Moment">The moment by which entries expire, in milliseconds since 1970.</param>
internal readonly record struct ReadPoint(ulong Sequence, long Moment);
