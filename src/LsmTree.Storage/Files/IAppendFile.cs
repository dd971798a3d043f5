namespace LsmTree.Storage.Files;

/// <summary>A file that only grows at its end. Used by one thread at a time, except <see cref="Sync"/> and <see cref="PrepareGrowth"/>, which may run beside an append.</summary>
/// <remarks>
/// When an append returns, the bytes are in the operating system's page cache: they survive the death of the process. A file with a
/// buffer (<see cref="AppendSettings.BufferBytes"/>) gives up both: its bytes reach the system when the buffer is full, at
/// <see cref="Sync"/> or at <see cref="Finish"/>, and then no call may run beside another.
/// After a <see cref="StoreFullException"/> nothing of that append is in the file and the file may be used on, for instance when space has
/// returned. After any other exception from an append or from <see cref="Sync"/> it must not be used again but for
/// <see cref="IDisposable.Dispose"/>: a later fsync that succeeds would prove nothing.
/// </remarks>
internal interface IAppendFile : IDisposable
{
    string Path { get; }

    /// <summary>Bytes appended so far; may be read by any thread. The file itself may be longer (preallocated zeros) until <see cref="Finish"/>.</summary>
    long Position { get; }

    /// <summary>Appends all of <paramref name="bytes"/>.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Appends <paramref name="first"/> and then <paramref name="second"/>: both, or nothing when the disk is full.</summary>
    void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second);

    /// <summary>
    /// Does ahead of time what a later append would have to wait for: reserving and mapping space. May run beside any other call. Returns whether
    /// there was anything to do. A full disk is not an error yet: the append that needs the space will say so.
    /// </summary>
    bool PrepareGrowth() => false; // most files reserve nothing

    /// <summary>fsync: what was appended before the call is durable afterwards (the file's name is <see cref="IFileSystem.SyncDirectory"/>'s business).</summary>
    void Sync();

    /// <summary>Cuts preallocated space off, so that the file's length is <see cref="Position"/>. No append may follow. Does not sync.</summary>
    void Finish();
}
