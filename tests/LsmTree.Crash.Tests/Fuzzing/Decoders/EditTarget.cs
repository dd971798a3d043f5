using LsmTree.Storage.Bytes;
using LsmTree.Storage.Versions;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>Edits of manifests. What decodes must encode, and decode to the same again.</summary>
internal sealed class EditTarget() : FuzzTarget("edit", 10_000)
{
    public override int Execute(ref Dice dice)
    {
        var bytes = Mutation.Of(Corpus.Edits[dice.Below(Corpus.Edits.Count)], ref dice);
        if (!VersionEditFormat.TryDecode(bytes, out var edit, out var problem))
        {
            return problem.Length > 0 ? 1 : throw new FuzzException("an edit is refused without a reason");
        }

        if (edit.FormatVersion > StoreFormat.Newest)
        {
            return 1; // of a newer format only the number is read
        }

        using var first = new ByteBuffer();
        VersionEditFormat.Encode(edit, first);
        if (!VersionEditFormat.TryDecode(first.Written, out var again, out problem))
        {
            throw new FuzzException($"what was decoded encodes to what is refused: {problem}");
        }

        using var second = new ByteBuffer();
        VersionEditFormat.Encode(again, second);
        return first.Written.SequenceEqual(second.Written) ? 1 : throw new FuzzException("an edit changes when it is encoded and decoded");
    }
}
