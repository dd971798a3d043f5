using System.Diagnostics;
using System.Globalization;

namespace LsmTree.Crash.Tests.Lanes;

/// <summary>
/// <c>--lane smoke|ci|long [--seed N] [--hours H] [--only PART]</c>, or <c>--replay PART word=value …</c>; and for the planted bugs
/// <c>--scoreboard</c>, which is their part of the long lane, and <c>--scoreboard --only BUG</c>.
/// </summary>
internal static class ProofCommand
{
    public static bool IsMeant(string[] args) => args is ["--lane" or "--replay" or "--only" or "--seed" or "--hours" or "--scoreboard", ..];

    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["--replay", var name, .. var words]:
                return Replay(name, words);
            case ["--scoreboard", "--only", var bug]:
                return Replay("planted", [$"name={bug}"]);
            case ["--scoreboard"]:
                args = ["--lane", "long", "--only", "planted"];
                break;
        }

        if (!TryRead(args, out var lane, out var seed, out var hours, out var only))
        {
            Console.Error.WriteLine($"usage: --lane smoke|ci|long [--seed N] [--hours H] [--only {string.Join('|', Parts.All.Select(static part => part.Name))}], or --replay PART word=value …");
            return 2;
        }

        var parts = Parts.All.Where(part => only is null ? part.IsFor(lane) : part.Name == only).ToList();
        var clock = Stopwatch.StartNew();
        var contexts = new List<PartContext>();
        foreach (var part in parts)
        {
            // Parts that have done all there is leave the rest of their time to those behind them, some of which never end by themselves.
            var budget = lane == Lane.Long ? (TimeSpan.FromHours(hours) - clock.Elapsed) / (parts.Count - contexts.Count) : (TimeSpan?)null;
            Console.WriteLine($"{part.Name} ({lane} lane, seed {seed})");
            var context = new PartContext(part, lane, seed, budget, Console.WriteLine);
            using var watchdog = context.Watch();
            try
            {
                part.Run(context);
            }
            catch (Exception error)
            {
                // What the other parts have found must get to the page all the same.
                context.FailWhole(error);
            }

            context.Finish();
            contexts.Add(context);
            Console.WriteLine($"  {part.Name}: {string.Join(", ", context.Counts.Select(static count => $"{count.Count:N0} {count.What}"))}; {context.Failures.Count} failures; {context.Cost}");
        }

        if (lane != Lane.Smoke)
        {
            ReliabilityPage.Write(contexts, lane, seed);
        }

        return contexts.Sum(static context => context.Failures.Count) == 0 ? 0 : 1;
    }

    private static int Replay(string name, string[] words)
    {
        var part = Parts.All.FirstOrDefault(part => part.Name == name);
        if (part is null)
        {
            Console.Error.WriteLine($"There is no part {name}.");
            return 2;
        }

        part.Replay(new ReplayWords(words));
        Console.WriteLine("The case passes.");
        return 0;
    }

    private static bool TryRead(string[] args, out Lane lane, out ulong seed, out double hours, out string? only)
    {
        (lane, seed, hours, only) = (Lane.Smoke, 1, 2, null);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var isRead = args[i] switch
            {
                "--lane" => Enum.TryParse(value, ignoreCase: true, out lane),
                "--seed" => ulong.TryParse(value, CultureInfo.InvariantCulture, out seed),
                "--hours" => double.TryParse(value, CultureInfo.InvariantCulture, out hours),
                "--only" => Parts.All.Any(part => part.Name == value),
                _ => false,
            };
            if (!isRead)
            {
                return false;
            }

            only = args[i] == "--only" ? value : only;
        }

        return true;
    }
}
