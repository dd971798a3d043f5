using System.Globalization;
using System.Text;
using LsmTree.Crash.Tests.Lanes;
using LsmTree.Storage;
using LsmTree.Storage.Logs;

namespace LsmTree.Crash.Tests.Corruption;

/// <summary>Every byte of stores with every type of file changed, every truncation, and files in one another's place.</summary>
internal sealed class CorruptionPart : Part
{
    private const string Elsewhere = "tables, manifests and CURRENT";

    public override string Name => "corruption";

    public override string Claim =>
        "Each bit of stores that hold every type of file is flipped, each byte inverted and zeroed, each file cut at every length, sectors are lost, words transposed, files deleted, swapped, replaced by another store's: "
        + "reading gives the data that were written, or an error that names file and offset; never other data, never another exception, never more than 64 MiB. Likewise the files of backups: what verifies restores to what was backed up, and what does not is refused.";

    public override string Limits =>
        "In the newest log, damage of more than one bit to a record, with none behind it that tells that an fsync had covered it, cannot be told from a torn write, nor can the log's end or whole that is missing: it may cost those records, never those before them; damage to the zeros that a log has reserved, to a log or manifest that is no longer needed, to the seal at the end of a manifest and to OPTIONS does no harm and may be noticed by nobody; of the zeros that a log has reserved only each 64th byte was changed, and in the short lanes of the files of backups each third; several places damaged at once were not tried; an undamaged file put back in place of its own later state is noticed only where another file says so.";

    public override void Run(PartContext context)
    {
        var stride = context.Amount(smoke: 149, ci: 1, @long: 1);
        var files = Fixture.All.SelectMany(static fixture => fixture.Names.Select(name => (fixture, name))).ToArray();
        const int Piece = 256;
        var pieces = files.SelectMany(static file => Enumerable.Range(0, (file.fixture.Bytes(file.name).Length + Piece - 1) / Piece).Select(piece => (file.fixture, file.name, piece))).ToArray();
        context.ForEach(pieces.Length, i =>
        {
            var (fixture, name, piece) = pieces[i];
            var length = fixture.Bytes(name).Length;
            for (var at = piece * Piece; at < Math.Min(length, (piece + 1) * Piece) && !context.IsOver; at++)
            {
                // Space that is reserved and not used is all alike: of its zeros a few are enough.
                var isReserved = !fixture.Bytes(name).AsSpan(at).ContainsAnyExcept((byte)0);
                if (at % stride != 0 && !(at % 512 == 0 && stride == 1))
                {
                    continue;
                }

                if (isReserved && at % 64 != 0)
                {
                    continue;
                }

                for (var kind = 0; kind < Damage.OfBytes.Count; kind++)
                {
                    if (Damage.OfBytes[kind].Apply(fixture.Bytes(name), at) is { } damaged)
                    {
                        Try(context, fixture, string.Create(CultureInfo.InvariantCulture, $"fixture={fixture.Name} file={name} damage={Damage.OfBytes[kind].Name} at={at}"), Mode(kind + at), (name, damaged));
                    }
                }
            }
        });
        for (var i = 0; i < Fixture.All.Count; i++)
        {
            var fixture = Fixture.All[i];
            context.Progress(i, Fixture.All.Count);
            foreach (var (words, others) in Damage.OfDirectories(fixture))
            {
                Try(context, fixture, $"fixture={fixture.Name} {words}", Mode(0), others);
            }
        }

        BackupDamage.Run(context);
        context.Count("bytes of fixtures", files.Sum(static file => (long)file.fixture.Bytes(file.name).Length));
    }

    public override void Replay(ReplayWords words)
    {
        if (words.Has("backup"))
        {
            BackupDamage.Replay(words);
            return;
        }

        var fixture = Fixture.All.First(fixture => fixture.Name == words["fixture"]);
        if (words.Has("damage"))
        {
            var at = (int)words.Number("at");
            var kind = Enumerable.Range(0, Damage.OfBytes.Count).First(kind => Damage.OfBytes[kind].Name == words["damage"]);
            var damaged = Damage.OfBytes[kind].Apply(fixture.Bytes(words["file"]), at);
            DamageCheck.IsNoticed(fixture, fixture.Disk((words["file"], damaged)), Mode(kind + at), Least(fixture, (words["file"], damaged)));
            return;
        }

        var isFound = false;
        foreach (var (name, others) in Damage.OfDirectories(fixture))
        {
            if (name.Split(' ').All(word => word.Split('=') is [var key, var value] && words.Has(key) && words[key] == value))
            {
                DamageCheck.IsNoticed(fixture, fixture.Disk(others), Mode(0), Least(fixture, others));
                isFound = true;
            }
        }

        Assert.True(isFound, "There is no such damage.");
    }

    /// <summary>The last commit that must survive, whatever else is noticed or not.</summary>
    private static int Least(Fixture fixture, params (string Name, byte[]? Bytes)[] others) =>
        others.Min(other => other.Name == fixture.NewestLog ? fixture.NewestRecords.Least(fixture, other.Bytes ?? []) : fixture.Least);

    /// <summary>Where damage may do no harm: all other bytes count.</summary>
    private static string PlaceOf(Fixture fixture, string name, byte[]? bytes) => name switch
    {
        "OPTIONS" => "OPTIONS, which is for people",
        _ when !fixture.Names.Contains(name) => "files that are nobody's",
        _ when name.EndsWith(".log", StringComparison.Ordinal) && name != fixture.NewestLog => "logs that are no longer needed",
        _ when name.EndsWith(".log", StringComparison.Ordinal) => bytes is not null && IsFrom(fixture.Bytes(name).AsSpan().LastIndexOfAnyExcept((byte)0) + 1, fixture.Bytes(name), bytes) ? "the reserved zeros of a log" : "the newest log, as a torn write",
        _ when name.StartsWith("MANIFEST", StringComparison.Ordinal) && fixture.Bytes("CURRENT").AsSpan().IndexOf(Encoding.ASCII.GetBytes(name)) < 0 => "manifests that are no longer in force",
        _ when name.StartsWith("MANIFEST", StringComparison.Ordinal) && bytes is not null && IsFrom(fixture.Bytes(name).Length - LogFormat.RecordHeaderBytes, fixture.Bytes(name), bytes) => "the seal at the end of a manifest",
        _ => Elsewhere,
    };

    /// <summary>Whether two files are the same up to a place.</summary>
    private static bool IsFrom(int place, byte[] before, byte[] after) => before.AsSpan().CommonPrefixLength(after) >= place;

    /// <summary>Each byte is met in both modes, by other kinds of damage.</summary>
    private static OpenMode Mode(int number) => number % 2 == 0 ? OpenMode.ReadWrite : OpenMode.ReadOnly;

    private static void Try(PartContext context, Fixture fixture, string words, OpenMode mode, params (string Name, byte[]? Bytes)[] others)
    {
        if (others.All(other => other.Bytes is not null && fixture.Names.Contains(other.Name) && other.Bytes.AsSpan().SequenceEqual(fixture.Bytes(other.Name))))
        {
            return; // another store's file that is the same
        }

        try
        {
            if (DamageCheck.IsNoticed(fixture, fixture.Disk(others), mode, Least(fixture, others)))
            {
                context.Count("mutants noticed");
                return;
            }

            var places = others.Select(other => PlaceOf(fixture, other.Name, other.Bytes)).Distinct().ToList();
            context.Count("mutants that changed nothing that is read");
            context.Count($"of these in {string.Join(" and ", places.Order(StringComparer.Ordinal))}");
            if (places.Contains(Elsewhere))
            {
                throw new DamageException($"damage to {string.Join(", ", others.Select(static other => other.Name))} was noticed by nobody");
            }
        }
        catch (Exception failure)
        {
            context.Fail(words, failure.ToString());
        }
    }
}
