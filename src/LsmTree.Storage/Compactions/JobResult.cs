using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Compactions;

/// <summary>What a job has done. Nothing of it counts until the caller has applied the edit.</summary>
/// <param name="Edit">The step to the next version. The tables it adds are durable.</param>
/// <param name="BytesRead">Bytes of the files that were merged.</param>
/// <param name="BytesWritten">Bytes of the files that came of it.</param>
/// <param name="EntriesRead">Entries that went in, point tombstones included.</param>
/// <param name="EntriesWritten">Entries that came out.</param>
internal sealed record JobResult(VersionEdit Edit, long BytesRead, long BytesWritten, long EntriesRead, long EntriesWritten);
