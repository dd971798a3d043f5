using LsmTree.Storage.Blocks;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>Blocks of entries: walked both ways, searched, and sought in.</summary>
internal sealed class BlockTarget() : FuzzTarget("block", 8_000)
{
    public override int Execute(ref Dice dice)
    {
        var contents = Mutation.Of(Corpus.Blocks[dice.Below(Corpus.Blocks.Count)], ref dice);
        var array = new byte[contents.Length + BlockFormat.TrailerBytes];
        contents.CopyTo(array, 0);
        return Mutation.FeedNeighbours(array, 0, contents.Length, ref dice, Walk);
    }

    private static void Walk(byte[] array, ref Dice dice)
    {
        var length = array.Length - BlockFormat.TrailerBytes;
        if (!Block.TryCreate(array, 0, length, out var block))
        {
            return;
        }

        var cursor = new BlockCursor();
        cursor.Reset(block);
        var forwards = 0;
        var trailer = 0UL;
        byte[] key = [];
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            if (dice.Once(4))
            {
                key = cursor.Key.ToArray();
                trailer = cursor.Trailer;
            }

            _ = cursor.Value.Length;
            Bound(++forwards, length);
        }

        var backwards = 0;
        cursor.Reset(block);
        for (cursor.SeekToLast(); cursor.IsValid; cursor.Prev())
        {
            Bound(++backwards, length);
        }

        key = dice.Once(4) ? Mutation.Of(key, ref dice) : key;
        cursor.Reset(block);
        cursor.Seek(key, trailer);
        cursor.Reset(block);
        cursor.SeekBefore(key, trailer);
        BlockSearch.Find(block, key, dice.Once(2) ? trailer : ulong.MaxValue, out _, out _);
    }

    private static void Bound(int steps, int length)
    {
        if (steps > length)
        {
            throw new FuzzException($"{steps} entries in {length} bytes");
        }
    }
}
