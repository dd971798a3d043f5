namespace LsmTree.Storage;

/// <summary>A stretch of a file that could not be read.</summary>
/// <param name="Offset">Where it begins, in bytes from the start of the file.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Entries">How many entries were in it; null when nobody can tell.</param>
/// <param name="FirstKey">The lower end of the keys that were in it; null when nobody can tell. An older value of such a key, or one that was deleted, may have come to light.</param>
/// <param name="LastKey">The upper end (included) of these keys; null when nobody can tell.</param>
/// <param name="Description">What is wrong, in words.</param>
public sealed record RepairLoss(long Offset, long Bytes, long? Entries, byte[]? FirstKey, byte[]? LastKey, string Description);
