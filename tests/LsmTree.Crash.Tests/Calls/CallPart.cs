using System.Collections.Concurrent;
using System.Globalization;
using LsmTree.Crash.Tests.Children;
using LsmTree.Crash.Tests.Lanes;
using LsmTree.Crash.Tests.Writers;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Calls;

/// <summary>Processes that are killed not at a moment but at a system call: before each that touches the store.</summary>
internal sealed class CallPart : Part
{
    private const int KilledStatus = 137; // 128 + SIGKILL, as a shell says it

    // After so many kills the store is compared once more, verified and compacted, and the next one begins in an empty directory.
    private const int KillsPerStore = 24;

    // The default maps the log, so that appending to it is no call; hence also the other way.
    private static readonly WriterSettings[] s_settings =
    [
        new(Durability.Full, LogAppend.Positional),
        new(Durability.Normal, LogAppend.Mapped),
        new(Durability.Off, LogAppend.Positional),
        new(Durability.Full, LogAppend.Mapped),
        new(Durability.Full, LogAppend.Positional, Writers: 4),
    ];

    public override string Name => "calls";

    public override bool IsOfProcesses => true;

    public override string Claim =>
        "A writing process is killed by SIGKILL as it enters the n-th fsync, write, rename, unlink, truncation, reservation, opening or mapping of a thread, for n drawn from those at which the call touches the store (how many there are is counted below), while it creates, recovers, logs, flushes, compacts and closes: "
        + "every acknowledged transaction is there, none by half, of each thread that writes no more than the one in flight; at last the store verifies, and keeps all through a compaction.";

    public override string Limits =>
        "strace(1) on Linux only; four threads that write at once in the long lane only; appends to a mapped log are stores to memory and no calls, so that the writer also runs with positional appends; threads meet their calls in another order each time, so that a replay repeats a kill as far as the machine repeats itself; "
        + "the kernel lives on, so that nothing unsynced is lost (crash images and shutdowns have that).";

    public override void Run(PartContext context)
    {
        var places = new ConcurrentBag<int>();
        context.ForEach(context.Amount(smoke: 1, ci: 2, @long: 100), round =>
        {
            if (context.Skipped is not null)
            {
                return;
            }

            var settings = s_settings[round % s_settings.Length];
            var root = Directory.CreateTempSubdirectory("lsmtree-calls-").FullName;
            var found = Survey(root, settings, out var reason);
            if (found.Count == 0)
            {
                context.Skip(reason);
                Directory.Delete(root, recursive: true);
                return;
            }

            places.Add(found.Count);
            var dice = new Dice(context.Seed + (ulong)round);
            var chosen = Choose(found, ref dice, context.Amount(smoke: 4, ci: 20));
            try
            {
                Kill(context, root, settings, chosen);
                Directory.Delete(root, recursive: true);
            }
            catch (Exception failure)
            {
                context.Fail(string.Create(CultureInfo.InvariantCulture, $"settings={settings} places={string.Join(',', chosen.Select(static place => $"{place.Call}-{place.Number}"))}"), failure.ToString());
            }
        });

        if (!places.IsEmpty)
        {
            context.Count("places at which a call touches the store", places.Max());
        }
    }

    public override void Replay(ReplayWords words)
    {
        var root = Directory.CreateTempSubdirectory("lsmtree-calls-").FullName;
        var places = words["places"].Split(',').Select(static place => place.Split('-')).Select(static parts => new SystemCallPlace(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture)));
        Kill(null, root, WriterSettings.Parse(words["settings"]), [.. places]);
        Directory.Delete(root, recursive: true);
    }

    /// <summary>The places of a run that nobody kills: it creates a store, and a second one finds it.</summary>
    private static List<SystemCallPlace> Survey(string root, WriterSettings settings, out string reason)
    {
        reason = "strace is there on Linux only";
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var store = new WriterStore(Path.Combine(root, "survey"), Path.Combine(root, "journal"), settings);
        var places = new HashSet<SystemCallPlace>();
        for (var run = 0; run < 2; run++)
        {
            places.UnionWith(SystemCallTrace.Places(Command(store), store.Directory, Path.Combine(root, "trace"), out reason));
            if (reason.Length > 0)
            {
                return [];
            }

            store.Check(WriterEnd.ByItself, "surveyed");
        }

        return [.. places];
    }

    /// <summary>As many of each call, as far as there are any.</summary>
    private static List<SystemCallPlace> Choose(List<SystemCallPlace> places, ref Dice dice, int count)
    {
        var left = places.GroupBy(static place => place.Call).OrderBy(static call => call.Key, StringComparer.Ordinal).Select(static call => call.ToList()).ToList();
        var chosen = new List<SystemCallPlace>();
        while (chosen.Count < count && left.Exists(static call => call.Count > 0))
        {
            foreach (var call in left.Where(static call => call.Count > 0))
            {
                var at = dice.Below(call.Count);
                chosen.Add(call[at]);
                call.RemoveAt(at);
            }
        }

        return chosen[..Math.Min(count, chosen.Count)];
    }

    private static void Kill(PartContext? context, string root, WriterSettings settings, List<SystemCallPlace> places)
    {
        for (var number = 0; number < places.Count && context is not { IsOver: true }; number += KillsPerStore)
        {
            var store = new WriterStore(Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"store-{number}")), Path.Combine(root, "journal"), settings);
            var kills = 0;
            List<SystemCallPlace> part = [.. places.Skip(number).Take(KillsPerStore)];
            foreach (var place in part)
            {
                var (file, arguments) = SystemCallTrace.Killing(place, Command(store));
                var (status, text) = Children.Command.Run(file, arguments);
                Assert.True(status is 0 or KilledStatus, $"The writer ended by itself with {status}: {text}");
                store.Check(status == KilledStatus ? WriterEnd.Killed : WriterEnd.ByItself, $"to be killed at {place.Call} {place.Number}");
                kills += status == KilledStatus ? 1 : 0;
                context?.Count(status == KilledStatus ? "kills" : "processes that never came to the call");
            }

            Assert.True(kills >= part.Count / 4, $"Only {kills} of {part.Count} processes came to the call that was to end them.");
            store.Finish();
            context?.Count("acknowledged transactions found again", store.Acknowledged);
            context?.Count("stores");
        }
    }

    private static IReadOnlyList<string> Command(WriterStore store) => [DotnetHost.Path, typeof(CallPart).Assembly.Location, .. store.BeginRound()];
}
