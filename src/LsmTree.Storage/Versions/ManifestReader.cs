using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;

namespace LsmTree.Storage.Versions;

/// <summary>Reads a manifest from its first edit to its last. Writes nothing.</summary>
/// <remarks>
/// A torn record at the end is an edit that was never acknowledged: whoever wrote it had not gone on to delete anything, so the version before
/// it is whole. It is passed over when it is the last thing in the file and not the first: a manifest comes into force only after its
/// snapshot is synced. Whatever else is wrong is damage.
/// </remarks>
internal static class ManifestReader
{
    /// <exception cref="CorruptionException">The manifest is missing or damaged, or its edits do not fit each other.</exception>
    /// <exception cref="StoreFormatException">The store was written in a newer format.</exception>
    public static ManifestState Read(IFileSystem files, string directory, ulong number, BlockCache cache)
    {
        var path = Path.Combine(directory, FileNames.Manifest(number));
        using var log = OpenNamed(files, path);
        if (log.Header is { } header && header.Identity.Number != number)
        {
            CorruptionException.Throw(path, 0, $"the header of manifest {number}", $"the header of log {header.Identity.Number}");
        }

        ManifestState? state = null;
        VersionBuilder? builder = null;
        while (log.TryRead(out var record))
        {
            if (record.Type != LogRecordType.Edit)
            {
                CorruptionException.Throw(path, record.Offset, "an edit", $"a record of type {record.Type}");
            }

            var edit = Decode(path, record);
            if (state is null)
            {
                var storeId = IdentityOf(path, record.Offset, edit, log.Header!.Identity);
                state = new ManifestState(storeId, 0, 1, 0, StoreFormat.Base, Version.Empty);
                builder = new VersionBuilder(Version.Empty, info => new TableFile(files, directory, storeId, cache, info));
            }
            else if (edit.StoreId is { } other && other != state.StoreId)
            {
                CorruptionException.Throw(path, record.Offset, $"an edit of store {state.StoreId:x16}", $"one of store {other:x16}");
            }

            if (!builder!.TryApply(edit, out var problem))
            {
                CorruptionException.Throw(path, record.Offset, "an edit that fits those before it", problem);
            }

            state = Fold(state, edit);
        }

        RequireAllowedEnd(path, log);
        if (state is null)
        {
            throw new CorruptionException(path, 0, "an edit that builds the version", "no edit");
        }

        var version = builder!.Build();
        if (version.FindViolation() is { } violation)
        {
            CorruptionException.Throw(path, 0, "edits that leave the levels in order", violation);
        }

        return state with { Version = version };
    }

    private static LogReader OpenNamed(IFileSystem files, string path)
    {
        try
        {
            return LogReader.Open(files, path, expected: null);
        }
        catch (FileNotFoundException)
        {
            throw new CorruptionException(path, 0, $"the manifest that {FileNames.Current} names", "no such file");
        }
    }

    private static VersionEdit Decode(string path, in LogRecord record)
    {
        if (!VersionEditFormat.TryDecode(record.Payload, out var edit, out var problem))
        {
            CorruptionException.Throw(path, record.Offset, "a well-formed edit", problem);
        }

        if (edit.FormatVersion is { } format and > StoreFormat.Newest)
        {
            throw StoreFormat.Refuse(path, format);
        }

        return edit;
    }

    private static ulong IdentityOf(string path, long offset, VersionEdit first, LogIdentity header)
    {
        if (first.FormatVersion is null || first.StoreId is not { } storeId)
        {
            throw new CorruptionException(path, offset, "a first edit with the format and the identity of the store", "an edit without them");
        }

        if (storeId != header.StoreId)
        {
            CorruptionException.Throw(path, offset, $"an edit of store {header.StoreId:x16}, as the header says", $"one of store {storeId:x16}");
        }

        return storeId;
    }

    private static ManifestState Fold(ManifestState state, VersionEdit edit)
    {
        var lastSequence = Math.Max(state.LastSequence, edit.LastSequence ?? 0);
        foreach (var added in edit.Added)
        {
            lastSequence = Math.Max(lastSequence, added.Info.LargestSequence);
        }

        return state with
        {
            LogNumber = Math.Max(state.LogNumber, edit.LogNumber ?? 0),
            NextFileNumber = Math.Max(state.NextFileNumber, edit.NextFileNumber ?? 0),
            LastSequence = lastSequence,
            Format = Math.Max(state.Format, StoreFormat.NeededBy(edit)),
        };
    }

    private static void RequireAllowedEnd(string path, LogReader log)
    {
        switch (log.End)
        {
            case LogEnd.Torn { DiscardedRecords: 1 } when log.EndsInUnwritten(LogRecordType.Edit):
                break; // the seal that nobody had waited for, before the edit that nobody had synced: a power cut kept the later sector only
            case LogEnd.Torn { DiscardedRecords: > 0 } torn:
                CorruptionException.Throw(path, torn.Offset, "an edit", $"{torn.Reason}, and {torn.DiscardedRecords} whole records behind it");
                break;
            case LogEnd.Damaged damaged:
                CorruptionException.Throw(path, damaged.Offset, damaged.Expected, damaged.Found);
                break;
        }
    }
}
