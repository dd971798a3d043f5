using LsmTree.Storage.Keys;
using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Tests.Memtables;

/// <summary>Nodes leave out of the heads what their keys begin with, as long as they do.</summary>
public sealed class TreeNodePrefixTests
{
    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void Keys_that_begin_alike_and_then_do_not_any_more_are_found_and_in_order(int seed)
    {
        // Families of keys, each with a beginning of its own of up to 60 bytes, that begin one within the other; they come in turns, so nodes change what they leave out.
        var random = new Random(seed);
        var memtable = new Memtable();
        var families = Enumerable.Range(0, 12).Select(_ => new byte[random.Next(60)]).ToArray();
        foreach (var family in families)
        {
            random.NextBytes(family.AsSpan(random.Next(family.Length + 1)));
        }

        var model = new SortedDictionary<byte[], ulong>(Comparer<byte[]>.Create(static (left, right) => left.AsSpan().SequenceCompareTo(right)));
        ulong sequence = 1;
        for (var turn = 0; turn < 40; turn++)
        {
            var family = families[random.Next(families.Length)];
            var rising = random.Next(1 << 16);
            var isRising = random.Next(2) == 0;
            for (var i = 0; i < 200; i++)
            {
                byte[] tail = isRising ? [(byte)(++rising >> 16), (byte)(rising >> 8), (byte)rising] : [.. Enumerable.Range(0, random.Next(20)).Select(_ => (byte)random.Next(3))];
                byte[] key = [.. family.AsSpan(0, random.Next(50) == 0 ? random.Next(family.Length + 1) : family.Length), .. tail];
                memtable.Add(EntryKind.Put, key, key, sequence);
                model[key] = sequence++;
            }
        }

        var cursor = memtable.CreateCursor();
        cursor.SeekToFirst();
        foreach (var (key, newest) in model)
        {
            Assert.True(cursor.IsValid && cursor.Key.SequenceEqual(key) && Trailer.Sequence(cursor.Trailer) == newest, $"seed {seed}: {Convert.ToHexString(key)} does not follow");
            Assert.True(memtable.TryGet(key, ulong.MaxValue, out var trailer, out var value) && Trailer.Sequence(trailer) == newest && value.SequenceEqual(key), $"seed {seed}: {Convert.ToHexString(key)} is not found");
            Assert.Equal(model.ContainsKey([.. key, 0]), memtable.TryGet([.. key, 0], ulong.MaxValue, out _, out _));
            while (cursor.IsValid && cursor.Key.SequenceEqual(key))
            {
                cursor.Next();
            }
        }

        Assert.False(cursor.IsValid);
        foreach (var key in model.Keys.Reverse())
        {
            cursor.SeekBefore(key, ulong.MaxValue);
            Assert.True(!cursor.IsValid || cursor.Key.SequenceCompareTo(key) < 0, $"seed {seed}: before {Convert.ToHexString(key)}");
        }
    }
}
