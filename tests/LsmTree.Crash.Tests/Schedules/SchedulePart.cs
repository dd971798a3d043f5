using System.Globalization;
using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Schedules;

/// <summary>Several clients at once, in every order that the dice make.</summary>
internal sealed class SchedulePart : Part
{
    private const int SchedulesPerRound = 50;

    public override string Name => "schedules";

    public override string Claim =>
        "Two to five clients (transfers, appends to lists, audits, withdrawals from pairs) take turns with each other, flushes, compactions and snapshots as a seed says, and the store may be closed under them: "
        + "each transaction reads the state at its beginning and its own edits, commits exactly when nobody overtook it (in what it wrote; serializable ones also in what they read), and a closed store takes no commit.";

    public override string Limits =>
        "Turns are whole calls of the engine, on one thread: what two calls do at the same time is left to the threads (a few runs in the short lanes), and to the races that they happen to meet there.";

    public override void Run(PartContext context)
    {
        var rounds = context.Amount(smoke: 4, ci: 400);
        var threadsEvery = context.Amount(smoke: int.MaxValue, ci: 80, @long: 20);
        context.ForEach(rounds, round =>
        {
            for (var i = 0; i < SchedulesPerRound && !context.IsOver; i++)
            {
                var seed = (context.Seed * 1_000_003) + ((ulong)round * SchedulesPerRound) + (ulong)i;
                Guard(context, string.Create(CultureInfo.InvariantCulture, $"seed={seed}"), () =>
                {
                    var run = new ScheduleRun(seed);
                    run.Run();
                    context.Count("schedules");
                    context.Count("turns", run.Steps);
                    context.Count("commits", run.Commits);
                    context.Count("conflicts", run.Conflicts);
                    context.Count("clients whose store was closed", run.Bereaved);
                });
            }

            if (round % threadsEvery == threadsEvery - 1)
            {
                var seed = (context.Seed * 1_000_003) + (ulong)round;
                Guard(context, string.Create(CultureInfo.InvariantCulture, $"threads={seed}"), () => context.Count("transfers by real threads", ThreadStress.Run(seed)));
            }
        });
    }

    public override void Replay(ReplayWords words)
    {
        if (words.Has("threads"))
        {
            ThreadStress.Run((ulong)words.Number("threads"));
        }
        else
        {
            new ScheduleRun(words.Seed).Run();
        }
    }

    private static void Guard(PartContext context, string words, Action run)
    {
        try
        {
            run();
        }
        catch (Exception failure)
        {
            context.Fail(words, failure.ToString());
        }
    }
}
