using System.Globalization;
using LsmTree.Crash.Tests.Lanes;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models;

/// <summary>Random histories on a store and on its model, and the same history under every set of options.</summary>
internal sealed class ModelPart : Part
{
    private const int ShownSteps = 40;

    public override string Name => "model";

    public override string Claim =>
        $"Random histories of {OperationKinds.All.Count} kinds of operation, each run under {OptionSets.All.Count} sets of options: every read is what a sorted table of versions says, and what readers see is the same under all sets.";

    public override string Limits =>
        $"{ModelKeys.Count} keys; one client at a time (threads work in the background of two sets); crashes between operations only (crash images have the others).";

    public override void Run(PartContext context)
    {
        var rounds = context.Amount(smoke: 2, ci: 21);
        var length = context.Amount(smoke: 2_500, ci: 20_000, @long: 20_000);
        context.ForEach(rounds, round =>
        {
            var seed = context.Seed + (ulong)round;
            var history = History.Create(seed, length);
            ulong? seen = null;
            foreach (var (name, options) in OptionSets.All)
            {
                if (context.IsOver)
                {
                    return;
                }

                var failure = Try(options, history, out var reached, out var digest);
                context.Count("operations", reached);
                seen ??= failure is null ? digest : null;
                if (failure is not null)
                {
                    Report(context, seed, name, options, history[..(int)Math.Min(reached, length)], failure);
                }
                else if (seen != digest)
                {
                    context.Fail(Words(seed, name, length), $"Readers saw something else than with {OptionSets.All[0].Name}.");
                }
            }

            context.Count("histories");
        });
        context.Count("kinds of operation", OperationKinds.All.Count);
        context.Count("sets of options", OptionSets.All.Count);
    }

    public override void Replay(ReplayWords words)
    {
        var history = History.Create(words.Seed, (int)words.Number("length"));
        if (words.Has("steps"))
        {
            history = [.. words["steps"].Split(',').Select(place => history[int.Parse(place, CultureInfo.InvariantCulture)])];
        }

        using var run = new ModelRun(OptionSets.Named(words["set"]));
        run.Execute(history);
    }

    private static string Words(ulong seed, string set, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"seed={seed} set={set} length={length}");

    private static Exception? Try(LsmStoreOptions options, ReadOnlySpan<Step> steps, out long reached, out ulong seen)
    {
        reached = 0;
        seen = 0;
        try
        {
            var run = new ModelRun(options);
            try
            {
                run.Execute(steps);
                return null;
            }
            finally
            {
                reached = Math.Min(run.Now, steps.Length);
                seen = run.Seen;
                run.Dispose();
            }
        }
        catch (Exception failure)
        {
            return failure; // whatever it is, it is the failure that was looked for
        }
    }

    private static void Report(PartContext context, ulong seed, string set, LsmStoreOptions options, Step[] steps, Exception failure)
    {
        var kept = Shrinker.Shrink(steps.Length, places => Try(options, [.. places.Select(place => steps[place])], out _, out _) is not null);
        var last = Try(options, [.. kept.Select(place => steps[place])], out _, out _) ?? failure;
        var words = Words(seed, set, steps.Length);
        if (kept.Count <= ShownSteps)
        {
            words += $" steps={string.Join(',', kept)}";
        }

        var story = kept.TakeLast(ShownSteps).Select(place => $"  {place} {OperationKinds.All[steps[place].Operation].Name} {steps[place].Seed:X}");
        context.Fail(words, string.Join(Environment.NewLine, [$"{kept.Count} steps are enough:", .. story, last.ToString()]));
    }
}
