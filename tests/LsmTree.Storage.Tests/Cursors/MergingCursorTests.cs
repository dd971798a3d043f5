using LsmTree.Storage.Cursors;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Tests.Cursors;

public sealed class MergingCursorTests
{
    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void A_random_walk_over_several_children_is_a_walk_over_their_sorted_union(int seed)
    {
        var random = new Random(seed);
        var children = Enumerable.Range(0, 4).Select(i => new Memtable()).ToArray();
        var union = new List<(byte[] Key, ulong Trailer)>();
        for (ulong sequence = 1; sequence <= 400; sequence++)
        {
            byte[] key = [(byte)random.Next(60)];
            children[random.Next(3)].Add(EntryKind.Put, key, key, sequence); // the fourth child stays empty
            union.Add((key, Trailer.Pack(sequence, EntryKind.Put)));
        }

        union.Sort((a, b) => InternalOrder.Compare(a.Key, a.Trailer, b.Key, b.Trailer));
        using var cursor = new MergingCursor([.. children.Select(child => child.CreateCursor())]);
        var at = 0;
        cursor.SeekToFirst();
        for (var step = 0; step < 5_000; step++)
        {
            Assert.True(cursor.IsValid && cursor.Key.SequenceEqual(union[at].Key) && cursor.Trailer == union[at].Trailer, $"seed {seed}, step {step}");
            switch (random.Next(10))
            {
                case 0:
                    at = random.Next(union.Count);
                    cursor.Seek(union[at].Key, union[at].Trailer);
                    break;
                case 1:
                    var before = random.Next(1, union.Count);
                    cursor.SeekBefore(union[before].Key, union[before].Trailer);
                    at = before - 1;
                    break;
                case < 6:
                    cursor.Next();
                    at++;
                    break;
                default:
                    cursor.Prev();
                    at--;
                    break;
            }

            if (at < 0 || at == union.Count)
            {
                Assert.False(cursor.IsValid);
                cursor.SeekToLast();
                at = union.Count - 1;
            }
        }
    }
}
