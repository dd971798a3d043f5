namespace LsmTree.Storage.Tests.Views;

/// <summary>Cursors over all kinds of sources at once, moved at random, against a sorted list.</summary>
public sealed class CursorModelTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 4)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_move_lands_where_a_sorted_list_says(int seed)
    {
        using var layers = new LayeredStore(seed);
        var random = new Random(seed * 31);
        foreach (var (snapshot, entries) in layers.Moments)
        {
            for (var round = 0; round < 12; round++)
            {
                var options = RandomOptions(random, layers) with { Snapshot = snapshot };
                using var cursor = layers.Store.CreateCursor(options);
                Walk(cursor, Expected(entries, options), layers, random, $"seed {seed}, round {round}, {Describe(options)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_edits_of_a_transaction_are_merged_in(int seed)
    {
        using var layers = new LayeredStore(seed);
        var random = new Random(seed * 37);
        using var transaction = layers.Store.BeginTransaction(seed % 2 == 0 ? TransactionIsolation.Snapshot : TransactionIsolation.Serializable);
        var entries = new SortedDictionary<byte[], byte[]>(layers.Moments[0].Entries, ByteOrder.Instance);
        for (var round = 0; round < 12; round++)
        {
            for (var edit = 0; edit < 20; edit++)
            {
                var key = layers.RandomKey();
                if (random.Next(3) == 0)
                {
                    var end = (byte[])[.. key, 0x61];
                    transaction.DeleteRange(key, end);
                    foreach (var gone in entries.Keys.Where(candidate => ByteOrder.Instance.Compare(candidate, key) >= 0 && ByteOrder.Instance.Compare(candidate, end) < 0).ToList())
                    {
                        entries.Remove(gone);
                    }
                }
                else
                {
                    entries[key] = layers.RandomValue(50);
                    transaction.Put(key, entries[key]);
                }
            }

            var options = RandomOptions(random, layers);
            using var cursor = transaction.CreateCursor(options);
            Walk(cursor, Expected(entries, options), layers, random, $"seed {seed}, round {round}, {Describe(options)}");
        }
    }

    private static void Walk(StoreCursor cursor, List<KeyValuePair<byte[], byte[]>> expected, LayeredStore layers, Random random, string story)
    {
        var at = -1; // -1 is at no entry, on either side
        for (var move = 0; move < 250; move++)
        {
            var key = layers.RandomKey();
            var last = "";
            switch (random.Next(at < 0 ? 4 : 14))
            {
                case 0:
                    last = "SeekToFirst";
                    cursor.SeekToFirst();
                    at = expected.Count > 0 ? 0 : -1;
                    break;
                case 1:
                    last = "SeekToLast";
                    cursor.SeekToLast();
                    at = expected.Count - 1;
                    break;
                case 2:
                    last = $"Seek {Convert.ToHexString(key)}";
                    cursor.Seek(key);
                    at = expected.FindIndex(entry => ByteOrder.Instance.Compare(entry.Key, key) >= 0);
                    break;
                case 3:
                    last = $"SeekForPrev {Convert.ToHexString(key)}";
                    cursor.SeekForPrev(key);
                    at = expected.FindLastIndex(entry => ByteOrder.Instance.Compare(entry.Key, key) <= 0);
                    break;
                case 4:
                    last = "Seek to its own key";
                    cursor.Seek(cursor.Key);
                    break;
                case 5:
                    last = "SeekForPrev to its own key";
                    cursor.SeekForPrev(cursor.Key);
                    break;
                case < 10:
                    last = "Next";
                    at = at + 1 < expected.Count ? at + 1 : -1;
                    Assert.Equal(at >= 0, cursor.Next());
                    break;
                default:
                    last = "Prev";
                    at--;
                    Assert.Equal(at >= 0, cursor.Prev());
                    break;
            }

            var found = cursor.IsValid ? Convert.ToHexString(cursor.Key) : "none";
            var wanted = at >= 0 ? Convert.ToHexString(expected[at].Key) : "none";
            Assert.True(found == wanted, $"{story}, move {move}, {last}: at {found} instead of {wanted}");
            if (at >= 0)
            {
                Assert.True(cursor.Value.SequenceEqual(expected[at].Value), $"{story}, move {move}, {last}: the value of {wanted} is wrong");
            }
        }
    }

    private static CursorOptions RandomOptions(Random random, LayeredStore layers) => new()
    {
        LowerBound = random.Next(2) == 0 ? null : layers.RandomKey(),
        UpperBound = random.Next(2) == 0 ? null : layers.RandomKey(),
        Prefix = random.Next(2) == 0 ? null : [.. layers.RandomKey().Take(2)],
        FillCache = random.Next(2) == 0,
    };

    private static List<KeyValuePair<byte[], byte[]>> Expected(SortedDictionary<byte[], byte[]> entries, CursorOptions options) =>
        [.. entries.Where(entry => (options.LowerBound is null || ByteOrder.Instance.Compare(entry.Key, options.LowerBound) >= 0)
            && (options.UpperBound is null || ByteOrder.Instance.Compare(entry.Key, options.UpperBound) < 0)
            && entry.Key.AsSpan().StartsWith(options.Prefix))];

    private static string Describe(CursorOptions options) =>
        $"lower {Hex(options.LowerBound)}, upper {Hex(options.UpperBound)}, prefix {Hex(options.Prefix)}, snapshot {options.Snapshot?.Sequence}";

    private static string Hex(byte[]? bytes) => bytes is null ? "none" : $"[{Convert.ToHexString(bytes)}]";
}
