using LsmTree.Crash.Tests.Images;
using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Faults;

/// <summary>Every operation of every script refused, with every errno, once and from then on.</summary>
internal sealed class FaultPart : Part
{
    public override string Name => "faults";

    public override string Claim =>
        "Operations of scripts are refused, reads included, with the errnos that they can meet, once or from then on (of sequences of words each operation with each errno; of scripts by hand in the short lanes some, drawn by the seed): "
        + "only documented errors come out, each refusal is told to somebody, nothing acknowledged is lost, a commit that was refused is not there, one in doubt is there whole or not at all, copies that were reported complete are whole, no path is touched outside the directories of the store and of the copy that is being made, "
        + "a failed store acknowledges nothing more, no handle stays open, and the store opens again when the disk is mended.";

    public override string Limits =>
        "One fault for each run; background work is stepped by hand; after a failed fsync the simulated kernel drops the pages (ext4, XFS), keeps them dirty, or reverts them (btrfs); told to nobody by design are refused deletions of obsolete files, of OPTIONS, of the seal of a manifest, of a log not begun yet that another takes the place of, of tidying up after an error that was told, and of closing a store whose log has everything.";

    public override void Run(PartContext context)
    {
        var cases = Scripts(context).ToList();
        context.ForEach(cases.Count, i =>
        {
            var (script, set, isSequence) = cases[i];
            var images = new FaultImages(ImageScripts.Options(set));
            var survey = FaultRun.Survey(script, set, images);
            var faults = SimFault.All;
            // Of the scripts by hand, which are long, the short lanes take some operations, and one errno after another for each; all else is taken whole.
            var isWhole = isSequence || context.Lane == Lane.Long;
            var step = isWhole ? 1 : 1 + (survey.Operations.Count / context.Amount(smoke: 60, ci: 45));
            var from = isSequence ? survey.LastWordFrom : (int)(context.Seed % (ulong)step);
            for (var at = from; at < survey.Operations.Count && !context.IsOver; at += step)
            {
                for (var number = 0; number < faults.Count; number++)
                {
                    if (!faults[number].Concerns(survey.Operations[at]) || (!isWhole && number != 0 && number != 1 + ((at + i) % (faults.Count - 1))))
                    {
                        continue;
                    }

                    Inject(context, images, new FaultCase(script, set, at, faults[number], Sticky: false));
                    Inject(context, images, new FaultCase(script, set, at, faults[number], Sticky: true));
                }
            }

            context.Count("different disks that they left", images.Opened);
            context.Count(isSequence ? "sequences" : "scripts by hand");
        });
        context.Count("errnos", SimFault.All.Count);
    }

    public override void Replay(ReplayWords words) => FaultRun.Run(
        new FaultCase(words["script"], words["options"], words.Number("at"), SimFault.All.First(fault => fault.Name == words["fault"]), bool.Parse(words["sticky"])),
        new FaultImages(ImageScripts.Options(words["options"])));

    /// <summary>The scripts by hand; and of all sequences of words the last word, as those before it are another sequence's.</summary>
    private static IEnumerable<(string Words, string Set, bool IsSequence)> Scripts(PartContext context)
    {
        var isSmoke = context.Lane == Lane.Smoke;
        var sets = ImageScripts.OptionSets;
        var written = ImageScripts.Written.Where(static script => script.Length > 0).ToArray();
        for (var i = 0; i < written.Length; i += isSmoke ? 4 : 1)
        {
            for (var set = 0; set < (isSmoke ? 1 : sets.Count); set++)
            {
                yield return (written[i], sets[(i + set) % sets.Count].Name, false);
            }
        }

        foreach (var words in ImageScripts.Sequences(isSmoke ? 1 : 2))
        {
            foreach (var (name, _) in isSmoke ? sets.Take(1) : sets)
            {
                yield return (words, name, true);
            }
        }

        // Of three words there are many: some of them, or all, under one set of options each.
        var every = context.Amount(smoke: int.MaxValue, ci: 16, @long: 1);
        var threes = ImageScripts.Sequences(3).Where(static words => words.Count(static character => character == ' ') == 2);
        foreach (var (words, index) in threes.Select(static (words, index) => (words, index)).Where(three => three.index % every == every - 1))
        {
            yield return (words, sets[index / every % sets.Count].Name, true);
        }
    }

    private static void Inject(PartContext context, FaultImages images, FaultCase fault)
    {
        context.At(fault);
        try
        {
            if (FaultRun.Run(fault, images))
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
