using System.Globalization;
using System.Text;
using LsmTree.Storage;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;
using LsmTree.Storage.Versions;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>The line of CURRENT, changed behind a right checksum or anywhere: a manifest whose line it is to the byte, or damage.</summary>
internal sealed class CurrentTarget() : FuzzTarget("current", 700)
{
    public override int Execute(ref Dice dice)
    {
        var name = Encoding.ASCII.GetBytes(FileNames.Manifest(dice.Next() >> dice.Below(64)));
        name = dice.Once(2) ? Mutation.Of(name, ref dice) : name;
        var bytes = Line(name);
        bytes = dice.Once(2) ? Mutation.Of(bytes, ref dice) : bytes;
        try
        {
            var number = CurrentFile.Read(new OneFile(bytes), "/fuzzed");
            if (!bytes.AsSpan().SequenceEqual(Line(Encoding.ASCII.GetBytes(FileNames.Manifest(number)))))
            {
                throw new FuzzException($"{Convert.ToHexString(bytes)} passes for the line of manifest {number}");
            }
        }
        catch (CorruptionException error) when (error.File == "/fuzzed/CURRENT")
        {
            // Told, as the documentation says.
        }

        return 1;
    }

    private static byte[] Line(byte[] name) => [.. name, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {Crc32C.Compute(name):x8}\n"))];
}
