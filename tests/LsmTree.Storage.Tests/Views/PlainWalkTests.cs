namespace LsmTree.Storage.Tests.Views;

/// <summary>Cursors over a store that is one compacted run, most blocks of which hold one put for each of their keys: the walk asks once for each block.</summary>
public sealed class PlainWalkTests
{
    public static TheoryData<int, bool> Cases() => [.. Enumerable.Range(1, 6).SelectMany(static seed => new[] { (seed, false), (seed, true) })];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_move_lands_where_a_sorted_list_says(int seed, bool withExpiry)
    {
        var random = new Random(seed);
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions
        {
            Background = BackgroundMode.Manual,
            MemtableBytes = 64 << 10,
            TableBytes = 64 << 10,
            BlockBytes = 512,
            BlockCacheBytes = seed % 2 == 0 ? 0 : 1 << 20,
            Seed = (ulong)seed,
        });
        var live = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        for (var i = 0; i < 3_000; i++)
        {
            var key = Key(random.Next(2_000));
            var value = new byte[random.Next(60)];
            random.NextBytes(value);
            if (random.Next(10) == 0)
            {
                store.Delete(Bytes(key));
                live.Remove(key);
            }
            else if (withExpiry && random.Next(100) == 0)
            {
                store.Put(Bytes(key), value, DateTimeOffset.MaxValue); // a block with one of these is not plain
                live[key] = value;
            }
            else
            {
                store.Put(Bytes(key), value);
                live[key] = value;
            }
        }

        store.Compact();
        Assert.Equal(1, store.GetLevels().Count(static level => level.Tables > 0));
        for (var round = 0; round < 12; round++)
        {
            var lower = random.Next(2) == 0 ? null : Key(random.Next(2_000));
            var upper = random.Next(2) == 0 ? null : Key(random.Next(2_000));
            var expected = live.Where(entry => (lower is null || string.CompareOrdinal(entry.Key, lower) >= 0) && (upper is null || string.CompareOrdinal(entry.Key, upper) < 0)).ToList();
            using var cursor = store.CreateCursor(new CursorOptions { LowerBound = lower is null ? null : Bytes(lower), UpperBound = upper is null ? null : Bytes(upper) });
            Walk(cursor, expected, random, $"seed {seed}, expiry {withExpiry}, round {round}, from {lower}, to {upper}");
        }
    }

    private static void Walk(StoreCursor cursor, List<KeyValuePair<string, byte[]>> expected, Random random, string story)
    {
        var at = -1;
        for (var move = 0; move < 200; move++)
        {
            var key = Key(random.Next(2_000));
            var steps = random.Next(1, 30);
            switch (random.Next(at < 0 ? 3 : 7))
            {
                case 0:
                    cursor.Seek(Bytes(key));
                    at = expected.FindIndex(entry => string.CompareOrdinal(entry.Key, key) >= 0);
                    break;
                case 1:
                    cursor.SeekForPrev(Bytes(key));
                    at = expected.FindLastIndex(entry => string.CompareOrdinal(entry.Key, key) <= 0);
                    break;
                case 2:
                    cursor.SeekToFirst();
                    at = expected.Count > 0 ? 0 : -1;
                    break;
                case 3:
                    Assert.True(cursor.CountRemaining() == expected.Count - at, $"{story}, move {move}: the rest is counted wrongly");
                    at = -1;
                    break;
                case 4:
                    while (steps-- > 0 && at >= 0)
                    {
                        at--;
                        Assert.Equal(at >= 0, cursor.Prev());
                    }

                    break;
                default:
                    while (steps-- > 0 && at >= 0)
                    {
                        at = at + 1 < expected.Count ? at + 1 : -1;
                        Assert.Equal(at >= 0, cursor.Next());
                        AssertAt(cursor, expected, at, $"{story}, move {move}, {steps} steps left");
                    }

                    break;
            }

            AssertAt(cursor, expected, at, $"{story}, move {move}");
        }
    }

    private static void AssertAt(StoreCursor cursor, List<KeyValuePair<string, byte[]>> expected, int at, string story)
    {
        Assert.True(cursor.IsValid == at >= 0, story);
        if (at >= 0)
        {
            Assert.True(cursor.Key.SequenceEqual(Bytes(expected[at].Key)), $"{story}: at another key than {expected[at].Key}");
            Assert.True(cursor.Value.SequenceEqual(expected[at].Value), $"{story}: the value of {expected[at].Key} is wrong");
        }
    }

    private static string Key(int number) => $"key{number:D5}";

    private static byte[] Bytes(string key) => System.Text.Encoding.ASCII.GetBytes(key);
}
