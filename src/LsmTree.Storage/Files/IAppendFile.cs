namespace LsmTree.Storage.Files;

/// <summary>A file that only grows at its end. Used by one thread at a time, except <see cref="Sync"/>, which may run beside an append.</summary>
/// <remarks>
/// When <see cref="Append"/> returns, the bytes are in the operating system's page cache: they survive the death of the process.
/// After an exception from <see cref="Append"/> or <see cref="Sync"/> the file must not be used again but for <see cref="IDisposable.Dispose"/>:
/// a later fsync that succeeds would prove nothing.
/// </remarks>
internal interface IAppendFile : IDisposable
{
    string Path { get; }

    /// <summary>Bytes appended so far. The file itself may be longer (preallocated zeros) until <see cref="Finish"/>.</summary>
    long Position { get; }

    /// <summary>Appends all of <paramref name="bytes"/>.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>fsync: what was appended before the call is durable afterwards (the file's name is <see cref="IFileSystem.SyncDirectory"/>'s business).</summary>
    void Sync();

    /// <summary>Cuts preallocated space off, so that the file's length is <see cref="Position"/>. No append may follow. Does not sync.</summary>
    void Finish();
}
