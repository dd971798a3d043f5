using LsmTree.Storage.Versions;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Compactions;

/// <summary>How much of the tables is the newest of its key, guessed without reading them.</summary>
internal static class LiveBytes
{
    /// <summary>
    /// An estimate after RocksDB's EstimateLiveDataSize: from the deepest level up, a table counts when no table that counted before shares keys
    /// with it. So what has been overwritten, but not compacted, is taken off once; where keys are new, the estimate is too low by them.
    /// </summary>
    public static long Estimate(Version version)
    {
        long bytes = 0;
        var counted = new List<KeyRange>();
        for (var level = Version.LastLevel; level >= 0; level--)
        {
            var added = new List<KeyRange>();
            foreach (var table in level == 0 ? version.Level(0).Reverse() : version.Level(level))
            {
                var range = table.Info.Range;
                if (!OverlapsAny(counted, range) && (level > 0 || !added.Exists(other => other.Overlaps(range))))
                {
                    bytes += table.Info.FileBytes;
                    added.Add(range);
                }
            }

            counted = Merge(counted, added);
        }

        return bytes;
    }

    private static bool OverlapsAny(List<KeyRange> sorted, KeyRange range)
    {
        var low = 0;
        var high = sorted.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle].EndsBefore(range.From))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < sorted.Count && sorted[low].Overlaps(range);
    }

    private static List<KeyRange> Merge(List<KeyRange> counted, List<KeyRange> added)
    {
        if (added.Count == 0)
        {
            return counted;
        }

        var merged = new List<KeyRange>([.. counted, .. added]);
        merged.Sort(static (left, right) => left.From.AsSpan().SequenceCompareTo(right.From));
        return merged;
    }
}
