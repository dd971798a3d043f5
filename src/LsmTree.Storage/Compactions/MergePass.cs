using LsmTree.Storage.Cursors;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Compactions;

/// <summary>One walk over sorted entries, through the keep/drop rule, into tables: what flush and compaction have in common.</summary>
internal static class MergePass
{
    /// <summary>Entries between two looks at the cancellation token.</summary>
    private const int CancellationInterval = 512;

    /// <summary>Runs to the end and finishes the output.</summary>
    /// <param name="entries">The entries; the walk begins at the first.</param>
    /// <param name="expected">How many there must be, and where they come from; null when nobody has counted them.</param>
    /// <param name="rule">What is kept.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="onRead">Told now and then how many entries have been read; may throw, which ends the walk like a cancellation.</param>
    /// <param name="cancellationToken">Stops the walk; dispose of the output then.</param>
    /// <exception cref="CorruptionException">There are fewer entries than expected, or more.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (IReadOnlyList<TableInfo> Tables, long EntriesRead, long EntriesWritten) Run(
        ICursor entries, (long Count, string Source)? expected, ObsoleteEntries rule, TableOutput output, Action<long>? onRead, CancellationToken cancellationToken)
    {
        long read = 0;
        long kept = 0;
        var startsKey = false;
        for (entries.SeekToFirst(); entries.IsValid; entries.Next())
        {
            if (read++ % CancellationInterval == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                onRead?.Invoke(read);
            }

            var key = entries.Key;
            var trailer = entries.Trailer;
            var fate = rule.Decide(key, trailer, entries.Value);
            startsKey |= rule.IsFirstOfKey;
            if (fate == EntryFate.Drop)
            {
                continue;
            }

            if (startsKey)
            {
                output.StartKey(key);
                startsKey = false;
            }

            kept++;
            switch (fate)
            {
                case EntryFate.KeepAtZero:
                    output.Add(key, Trailer.Pack(0, Trailer.Kind(trailer)), entries.Value);
                    break;
                case EntryFate.KeepAsDelete:
                    output.Add(key, Trailer.Pack(Trailer.Sequence(trailer), EntryKind.Delete), []);
                    break;
                default:
                    output.Add(key, trailer, entries.Value);
                    break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (expected is { } inputs && read != inputs.Count)
        {
            CorruptionException.Throw(inputs.Source, 0, $"{inputs.Count} entries, as the manifest says", $"{read}");
        }

        var tables = output.Finish();
        return (tables, read, kept);
    }
}
