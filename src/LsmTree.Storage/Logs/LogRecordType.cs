namespace LsmTree.Storage.Logs;

/// <summary>What a log record is. The numbers are part of the file format: never reuse one. 0 is none, so that zeros are no record.</summary>
internal enum LogRecordType : byte
{
    /// <summary>A write batch, in a write-ahead log.</summary>
    Batch = 1,

    /// <summary>A version edit, in a manifest.</summary>
    Edit = 2,

    /// <summary>The last record of a log that was closed: how many records it has, and its last sequence number.</summary>
    Trailer = 3,
}
