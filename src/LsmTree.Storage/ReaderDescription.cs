namespace LsmTree.Storage;

/// <summary>Something that holds a moment of a store: compaction keeps the versions that it sees, or the files that it reads.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sequence">The sequence number of the newest write that it sees.</param>
/// <param name="Age">How long ago it was created.</param>
/// <param name="CreationStack">From where; null unless <see cref="LsmStoreOptions.KeepCreationStacks"/> asks for it.</param>
public sealed record ReaderDescription(ReaderKind Kind, long Sequence, TimeSpan Age, string? CreationStack);
