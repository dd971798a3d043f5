namespace LsmTree.Storage.Logs;

/// <summary>One record, read and checked.</summary>
internal readonly ref struct LogRecord
{
    public required LogRecordType Type { get; init; }

    public required ulong FirstSequence { get; init; }

    /// <summary>How many sequence numbers the record uses, from <see cref="FirstSequence"/>.</summary>
    public required uint Count { get; init; }

    /// <summary>Valid until the reader's next read.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Where the record begins, in bytes from the start of the file.</summary>
    public required long Offset { get; init; }

    /// <summary>Where the next record begins.</summary>
    public required long EndOffset { get; init; }

    /// <summary>Bytes of this log that an fsync had covered when the record was appended.</summary>
    public required long DurableBytes { get; init; }
}
