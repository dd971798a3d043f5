using LsmTree.Crash.Tests.Hostility;
using LsmTree.Storage;
using LsmTree.Storage.Backups;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>The records of backups, changed behind right checksums or anywhere.</summary>
internal sealed class BackupTarget() : FuzzTarget("backup", 700)
{
    public override int Execute(ref Dice dice)
    {
        var bytes = (byte[])Corpus.Backups[dice.Below(Corpus.Backups.Count)].Clone();
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
            _ = BackupRecord.Read(new OneFile(bytes), "/fuzzed", 1).Info;
        }
        catch (StoreException)
        {
            // Told, as the documentation says.
        }

        return 1;
    }
}
