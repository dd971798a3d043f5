namespace LsmTree.Storage.Logs;

/// <summary>The log that a log continues, as it was when the last record had been appended to it.</summary>
/// <param name="Number">The file number; 0 when there is none.</param>
/// <param name="Bytes">The offset behind its last record, in bytes; a trailer is not counted.</param>
/// <param name="LastSequence">The last sequence number in it, or before it when it has no records.</param>
internal readonly record struct LogPredecessor(ulong Number, long Bytes, ulong LastSequence);
