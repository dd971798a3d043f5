using LsmTree.Crash.Tests.Images;
using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Faults;

/// <summary>Every operation of every script refused, with every errno, once and from then on.</summary>
internal sealed class FaultPart : Part
{
    public override string Name => "faults";

    public override string Claim =>
        "Each operation of a script is refused, reads included, with each errno that it can meet, once or from then on: only documented errors come out, nothing acknowledged is lost, a write that threw is there whole or not at all, "
        + "a failed store acknowledges nothing more, no handle stays open, and the store opens again when the disk is mended.";

    public override string Limits =>
        "One fault for each run; background work is stepped by hand; after a failed fsync the simulated kernel drops the pages, as ext4 and XFS may; atomicity is checked for each key, not across the keys of one batch (crash images do that).";

    public override void Run(PartContext context)
    {
        var scripts = ImageScripts.Written.Where(static script => script.Length > 0).ToArray();
        var stride = context.Amount(smoke: 4, ci: 1, @long: 1);
        var sets = context.Lane == Lane.Smoke ? 1 : ImageScripts.OptionSets.Count;
        context.ForEach(scripts.Length / stride * sets, i =>
        {
            var script = scripts[i / sets * stride % scripts.Length];
            var set = ImageScripts.OptionSets[(i + (i / sets)) % ImageScripts.OptionSets.Count].Name;
            var operations = FaultRun.Operations(script, set);
            var faults = SimFault.All;
            // The short lanes take each operation, and one errno after another for it; the long lane all of them.
            var all = context.Lane == Lane.Long;
            var step = context.Amount(smoke: 1 + (int)(operations.Count / 60), ci: 1 + (int)(operations.Count / 120), @long: 1);
            for (var at = (long)(context.Seed % (ulong)step); at < operations.Count && !context.IsOver; at += step)
            {
                for (var number = 0; number < faults.Count; number++)
                {
                    if (!faults[number].Concerns(operations[(int)at]))
                    {
                        continue;
                    }

                    if (!all && number != 0 && number != 1 + ((at + i) % (faults.Count - 1)))
                    {
                        continue;
                    }

                    Inject(context, new FaultCase(script, set, at, faults[number], Sticky: false));
                    Inject(context, new FaultCase(script, set, at, faults[number], Sticky: true));
                }
            }
        });
        context.Count("errnos", SimFault.All.Count);
    }

    public override void Replay(ReplayWords words) => FaultRun.Run(new FaultCase(
        words["script"], words["options"], words.Number("at"), SimFault.All.First(fault => fault.Name == words["fault"]), bool.Parse(words["sticky"])));

    private static void Inject(PartContext context, FaultCase fault)
    {
        try
        {
            if (FaultRun.Run(fault))
            {
                context.Count("faults that struck");
            }
        }
        catch (Exception failure)
        {
            context.Fail(fault.Words, failure.ToString());
        }
    }
}
