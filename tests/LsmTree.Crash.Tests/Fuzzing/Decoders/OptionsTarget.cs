using System.Globalization;
using System.Text;
using LsmTree.Storage;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Inspection;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>The settings of OPTIONS, changed behind a right checksum or anywhere: the text that is there to the byte, or damage.</summary>
internal sealed class OptionsTarget() : FuzzTarget("options", 700)
{
    private const int ChecksumLine = 16; // "crc32c ", eight digits, the end of the line

    public override int Execute(ref Dice dice)
    {
        var bytes = Corpus.Options[dice.Below(Corpus.Options.Count)];
        if (dice.Once(2))
        {
            bytes = File(Mutation.Of(bytes[..^ChecksumLine], ref dice));
        }

        if (dice.Once(2))
        {
            bytes = Mutation.Of(bytes, ref dice);
        }

        try
        {
            if (!bytes.AsSpan().SequenceEqual(File(Encoding.UTF8.GetBytes(OptionsFile.Read(new OneFile(bytes), "/fuzzed")!))))
            {
                throw new FuzzException($"{Convert.ToHexString(bytes)} are read as settings that are not there");
            }
        }
        catch (CorruptionException error) when (error.File == "/fuzzed/OPTIONS")
        {
            // Told, as the documentation says.
        }

        return 1;
    }

    private static byte[] File(byte[] settings) => [.. settings, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"crc32c {Crc32C.Compute(settings):x8}\n"))];
}
