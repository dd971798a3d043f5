using LsmTree.Crash.Tests.Hostility;
using LsmTree.Storage;
using LsmTree.Storage.Logs;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>Logs, as recovery and as salvage read them, raw and with their checksums made right.</summary>
internal sealed class LogTarget() : FuzzTarget("log", 1_000)
{
    public override int Execute(ref Dice dice)
    {
        var source = Corpus.Logs[dice.Below(Corpus.Logs.Count)];
        var bytes = (byte[])source.Clone();
        if (dice.Once(2))
        {
            bytes = Mutation.Of(bytes, ref dice);
        }
        else
        {
            Forgery.OfLog(bytes, ref dice);
        }

        Read(bytes);
        Salvage(bytes);
        return 1;
    }

    private static void Read(byte[] bytes)
    {
        try
        {
            using var reader = LogReader.Open(new OneFile(bytes), "fuzzed");
            var end = (long)LogFormat.HeaderBytes;
            while (reader.TryRead(out var record))
            {
                if (record.Offset != end || record.EndOffset <= record.Offset || record.EndOffset > bytes.Length)
                {
                    throw new FuzzException($"a record from {record.Offset} to {record.EndOffset} behind {end} of {bytes.Length} bytes");
                }

                end = record.EndOffset;
            }

            if (reader.End is LogEnd.Torn && reader.Header is not null)
            {
                reader.EndsInUnwritten(LogRecordType.Edit);
            }
        }
        catch (StoreException)
        {
            // Told, as the documentation says.
        }
    }

    private static void Salvage(byte[] bytes)
    {
        using var salvage = LogSalvage.Open(new OneFile(bytes), "fuzzed", new LogIdentity(1, 1));
        var end = 0L;
        while (salvage.TryRead(out var record))
        {
            if (record.Offset < end || record.EndOffset <= record.Offset || record.EndOffset > bytes.Length)
            {
                throw new FuzzException($"salvage gives a record from {record.Offset} to {record.EndOffset} behind {end} of {bytes.Length} bytes");
            }

            end = record.EndOffset;
        }
    }
}
