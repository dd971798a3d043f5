using System.Globalization;
using LsmTree.Crash.Tests.Imports;
using LsmTree.Crash.Tests.Lanes;
using LsmTree.Crash.Tests.Writers;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Kills;

/// <summary>Processes that write, and are killed; what they have acknowledged is kept outside the store.</summary>
internal sealed class KillPart : Part
{
    // One store in so many is imported into; the others are written to by the engine alone, which is much quicker.
    private const int ImportEvery = 5;
    private const int KillsOfImports = 10;
    private const int KillsOfWriters = 24;

    // A process that was faster than its kill does not count; this many times the kills are tried before the machine is to blame.
    private const int Attempts = 4;

    private static readonly string[] s_modes = ["normal", "full", "off"];

    private static readonly WriterSettings[] s_settings =
    [
        new(Durability.Normal, LogAppend.Mapped),
        new(Durability.Full, LogAppend.Mapped),
        new(Durability.Normal, LogAppend.Positional),
        new(Durability.Full, LogAppend.Positional),
        new(Durability.Off, LogAppend.Mapped),
        new(Durability.Full, LogAppend.Mapped, Writers: 4),
        new(Durability.Normal, LogAppend.Positional, Writers: 4),
    ];

    public override string Name => "kills";

    public override bool IsOfProcesses => true;

    public override string Claim =>
        "A process that imports a file through SQL, or writes transactions through the engine, by one thread or by four that write at once, is ended by SIGKILL at a random moment, of its opening, recovering, writing, flushing or compacting, again and again on one store: "
        + "every acknowledged transaction is there, none by half, and of each thread no more than the one in flight; at last the store verifies, and keeps all through a compaction.";

    public override string Limits =>
        "Moments are drawn by the clock, so that a replay repeats them as far as the machine repeats itself; one process to a store; threads that write at once have keys of their own, so that the order between them is not looked at; with Off, which keeps no log, what is there is a whole number of transactions, and may be fewer than were acknowledged; "
        + "the kernel lives on, so that nothing unsynced is lost (crash images have power cuts).";

    public override void Run(PartContext context) => context.ForEach(context.Amount(smoke: 2, ci: 15), store =>
    {
        var seed = (int)((context.Seed * 7919) + (ulong)store) & int.MaxValue;
        var isImport = store % ImportEvery == 0;
        var kills = context.Lane == Lane.Smoke ? 2 : isImport ? KillsOfImports : KillsOfWriters;
        var mode = s_modes[store / ImportEvery % s_modes.Length];
        var settings = s_settings[(store - (store / ImportEvery) + s_settings.Length - 1) % s_settings.Length];
        try
        {
            if (isImport)
            {
                KillImports(context, seed, mode, kills);
            }
            else
            {
                KillWriters(context, seed, settings, kills);
            }
        }
        catch (Exception failure)
        {
            context.Fail(string.Create(CultureInfo.InvariantCulture, $"seed={seed} {(isImport ? $"synchronous={mode}" : $"settings={settings}")} kills={kills}"), failure.ToString());
        }
    });

    public override void Replay(ReplayWords words)
    {
        if (words.Has("settings"))
        {
            KillWriters(null, unchecked((int)words.Seed), WriterSettings.Parse(words["settings"]), (int)words.Number("kills"));
        }
        else
        {
            KillImports(null, unchecked((int)words.Seed), words["synchronous"], (int)words.Number("kills"));
        }
    }

    private static void KillWriters(PartContext? context, int seed, WriterSettings settings, int kills)
    {
        using var writers = new KilledWriters((ulong)seed, settings);
        for (var attempt = 0; writers.Kills < kills && attempt < kills * Attempts; attempt++)
        {
            writers.Kill();
        }

        writers.Finish();
        Assert.True(writers.Kills >= kills / 2, $"only {writers.Kills} of {kills} kills met a living process");
        Count(context, "kills of writers", writers.Kills, writers.Acknowledged);
    }

    private static void KillImports(PartContext? context, int seed, string mode, int kills)
    {
        using var imports = new KilledImports(seed, mode, static _ => { });
        for (var attempt = 0; imports.Kills < kills && attempt < kills * Attempts; attempt++)
        {
            switch (attempt % 4)
            {
                case 3:
                    imports.KillWhileOpening();
                    break;
                case 2 when attempt % 16 == 2:
                    imports.BeginAnew();
                    imports.KillWhileOpening();
                    break;
                default:
                    imports.KillWhileWriting();
                    break;
            }
        }

        imports.Finish();
        Assert.True(imports.Kills >= kills / 2, $"only {imports.Kills} of {kills} kills met a living process");
        Count(context, "kills of imports", imports.Kills, imports.Acknowledged);
    }

    private static void Count(PartContext? context, string what, int kills, long acknowledged)
    {
        context?.Count("kills", kills);
        context?.Count(what, kills);
        context?.Count("acknowledged transactions found again", acknowledged);
        context?.Count("stores");
    }
}
