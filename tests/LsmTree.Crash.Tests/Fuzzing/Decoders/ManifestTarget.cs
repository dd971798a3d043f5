using LsmTree.Crash.Tests.Hostility;
using LsmTree.Storage;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Versions;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>Manifests whose edits are changed behind right checksums, or whose bytes are changed anywhere.</summary>
internal sealed class ManifestTarget() : FuzzTarget("manifest", 700)
{
    public override int Execute(ref Dice dice)
    {
        var source = Corpus.Manifests[dice.Below(Corpus.Manifests.Count)];
        var bytes = (byte[])source.Clone();
        if (dice.Once(4))
        {
            bytes = Mutation.Of(bytes, ref dice);
        }
        else
        {
            Forgery.OfLog(bytes, ref dice);
        }

        try
        {
            ManifestReader.Read(new OneFile(bytes), "/fuzzed", LogHeader.Decode(source).Identity.Number, new BlockCache(0));
        }
        catch (StoreException)
        {
            // Told, as the documentation says.
        }

        return 1;
    }
}
