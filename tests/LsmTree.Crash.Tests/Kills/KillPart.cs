using System.Globalization;
using LsmTree.Crash.Tests.Imports;
using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Kills;

/// <summary>Processes that write, and are killed; what they have acknowledged is kept outside the store.</summary>
internal sealed class KillPart : Part
{
    private const int KillsPerStore = 10;

    // A process that was faster than its kill does not count; this many times the kills are tried before the machine is to blame.
    private const int Attempts = 4;

    private static readonly string[] s_modes = ["normal", "full", "off"];

    public override string Name => "kills";

    public override string Claim =>
        "An importing process is ended by SIGKILL at a random moment, of its opening, recovering, writing, flushing or compacting, again and again on one store: "
        + "every acknowledged transaction is there, none by half, and no more than the one in flight; at last the store verifies, and keeps all through a compaction.";

    public override string Limits =>
        "Moments are drawn by the clock, so that a replay repeats them as far as the machine repeats itself; one importing process at a time; the kernel lives on, so that nothing unsynced is lost (crash images have power cuts).";

    public override void Run(PartContext context)
    {
        var stores = context.Amount(smoke: 1, ci: 3);
        var kills = context.Lane == Lane.Smoke ? 2 : KillsPerStore;
        for (var store = 0; store < stores && !context.IsOver; store++)
        {
            var seed = (int)((context.Seed * 7919) + (ulong)store) & int.MaxValue;
            var mode = s_modes[store % s_modes.Length];
            try
            {
                Try(context, seed, mode, kills);
            }
            catch (Exception failure)
            {
                context.Fail(string.Create(CultureInfo.InvariantCulture, $"seed={seed} synchronous={mode} kills={kills}"), failure.ToString());
            }
        }
    }

    public override void Replay(ReplayWords words) => Try(null, (int)words.Number("seed"), words["synchronous"], (int)words.Number("kills"));

    private static void Try(PartContext? context, int seed, string mode, int kills)
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
        context?.Count("kills", imports.Kills);
        context?.Count("acknowledged transactions found again", imports.Acknowledged);
        context?.Count("stores");
    }
}
