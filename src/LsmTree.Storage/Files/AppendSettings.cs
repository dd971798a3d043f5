namespace LsmTree.Storage.Files;

/// <summary>How a file grows.</summary>
/// <param name="Mapped">
/// Append by memory copy into a preallocated map (a log) instead of by positional write (a table). Falls back to positional writes where
/// the file system cannot preallocate.
/// </param>
/// <param name="GrowthBytes">Space preallocated at a time when mapped, in bytes; 0 for the default of 4 MiB. The first pieces are smaller.</param>
/// <param name="FirstBytes">Space preallocated at creation when mapped, in bytes: from 64 KiB (the default) to a growth; what is outside is brought to the nearer end.</param>
/// <param name="BufferBytes">
/// Bytes gathered before a positional write; 0 writes at once (what a log needs to survive the process). Ignored when mapped.
/// </param>
/// <param name="Populated">
/// When mapped: what is preallocated ahead of its use is brought into memory, too. Appends then meet no page faults, but an fsync writes the
/// zeros behind the last append along: not for a file that is synced often.
/// </param>
internal readonly record struct AppendSettings(bool Mapped, int GrowthBytes = 0, int FirstBytes = 0, int BufferBytes = 0, bool Populated = false);
