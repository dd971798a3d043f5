using LsmTree.Storage.Bytes;
using LsmTree.Storage.Versions;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>Edits of manifests. What decodes must encode, and decode to the same again.</summary>
internal sealed class EditTarget() : FuzzTarget("edit", 20_000)
{
    public override int Execute(ref Dice dice)
    {
        var bytes = Mutation.Of(Corpus.Edits[dice.Below(Corpus.Edits.Count)], ref dice);
        return Mutation.FeedNeighbours(bytes, 0, bytes.Length, ref dice, Read);
    }

    private static void Read(byte[] bytes, ref Dice dice)
    {
        if (!VersionEditFormat.TryDecode(bytes, out var edit, out var problem))
        {
            if (problem.Length == 0)
            {
                throw new FuzzException("an edit is refused without a reason");
            }

            return;
        }

        if (edit.FormatVersion > StoreFormat.Newest)
        {
            return; // of a newer format only the number is read
        }

        using var first = new ByteBuffer();
        VersionEditFormat.Encode(edit, first);
        if (!VersionEditFormat.TryDecode(first.Written, out var again, out problem))
        {
            throw new FuzzException($"what was decoded encodes to what is refused: {problem}");
        }

        using var second = new ByteBuffer();
        VersionEditFormat.Encode(again, second);
        if (!first.Written.SequenceEqual(second.Written))
        {
            throw new FuzzException("an edit changes when it is encoded and decoded");
        }
    }
}
