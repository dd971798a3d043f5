using LsmTree.Storage.Batches;
using LsmTree.Storage.Keys;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>The entries of batches.</summary>
internal sealed class BatchTarget() : FuzzTarget("batch", 30_000)
{
    public override int Execute(ref Dice dice)
    {
        var bytes = Mutation.Of(Corpus.Batches[dice.Below(Corpus.Batches.Count)], ref dice);
        return Mutation.FeedNeighbours(bytes, 0, bytes.Length, ref dice, Read);
    }

    private static void Read(byte[] bytes, ref Dice dice)
    {
        var reader = new BatchReader(bytes);
        uint count = 0;
        var offset = 0;
        while (reader.TryRead(out var kind, out var key, out var value))
        {
            if (reader.Offset <= offset || key.Length + value.Length > reader.Offset - offset || (kind == EntryKind.PutExpiring && value.Length < ExpiringValue.PrefixBytes))
            {
                throw new FuzzException($"an entry of {key.Length} and {value.Length} bytes from {offset} to {reader.Offset}");
            }

            offset = reader.Offset;
            count++;
        }

        if (BatchReader.IsWellFormed(bytes, count) != reader.AtEnd || BatchReader.IsWellFormed(bytes, count + 1))
        {
            throw new FuzzException($"{count} entries are not what a batch is said to be");
        }
    }
}
