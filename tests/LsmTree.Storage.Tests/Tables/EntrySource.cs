using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Tests.Tables;

/// <summary>Draws sorted entries with the keys that hurt: empty, prefixes of each other, runs of 00 and FF, long, and many versions of one.</summary>
internal static class EntrySource
{
    public static List<Entry> Draw(Random random, int count, int maxValueBytes = 40)
    {
        var entries = new Dictionary<string, Entry>();
        var sequence = 1UL;
        while (entries.Count < count)
        {
            var key = DrawKey(random);
            var versions = random.Next(8) == 0 ? random.Next(1, 40) : 1;
            for (var i = 0; i < versions; i++)
            {
                sequence += (ulong)random.Next(1, 1000);
                var isDelete = random.Next(6) == 0;
                var value = new byte[isDelete ? 0 : random.Next(maxValueBytes)];
                random.NextBytes(value);
                var entry = new Entry(key, Trailer.Pack(sequence, isDelete ? EntryKind.Delete : EntryKind.Put), value);
                entries[Convert.ToHexString(key) + entry.Trailer] = entry;
            }
        }

        var sorted = entries.Values.ToList();
        sorted.Sort(Entry.Compare);
        return sorted;
    }

    public static byte[] DrawKey(Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                return Run(0x00, random.Next(12));
            case 1:
                return Run(0xFF, random.Next(12));
            case 2:
                return [.. Run(0xFF, random.Next(4)), (byte)random.Next(256), .. Run(0x00, random.Next(4))];
            case 3:
                var blob = new byte[random.Next(300)];
                random.NextBytes(blob);
                return blob;
            case 4:
                return Run((byte)'x', random.Next(400));
            default:
                return Entry.Text($"user:{random.Next(2000):D5}");
        }
    }

    /// <summary>The first entry at or after (<paramref name="key"/>, <paramref name="trailer"/>) of a sorted list, or its count.</summary>
    public static int LowerBound(List<Entry> entries, byte[] key, ulong trailer)
    {
        var at = entries.BinarySearch(new Entry(key, trailer, []), Comparer<Entry>.Create(Entry.Compare));
        return at < 0 ? ~at : at;
    }

    private static byte[] Run(byte value, int length)
    {
        var run = new byte[length];
        run.AsSpan().Fill(value);
        return run;
    }
}
