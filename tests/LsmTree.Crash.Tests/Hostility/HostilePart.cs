using System.Globalization;
using LsmTree.Crash.Tests.Corruption;
using LsmTree.Crash.Tests.Lanes;
using LsmTree.Crash.Tests.Scripts;

namespace LsmTree.Crash.Tests.Hostility;

/// <summary>Files whose checksums are right and whose contents are not: what an enemy writes, or a bug.</summary>
internal sealed class HostilePart : Part
{
    public override string Name => "hostile";

    public override string Claim =>
        "Bytes inside blocks, footers, log records and manifest edits are changed and every checksum above them is made right again: opening, scanning, reading and verifying end with data or a documented error, within 1 s, 64 MiB of managed memory, and 64 MiB in memtables and cached blocks, and touch no path outside the directory.";

    public override string Limits =>
        "Random changes of one to eight bytes, and extreme numbers, in files of a few KiB (bombs, endless counts and cycles made by hand are tests beside it: BuiltForgeryTests); what such a store then reads as is nobody's promise; native memory is looked at after scans, reads and a compaction, not in the midst of them.";

    public override void Run(PartContext context)
    {
        var rounds = context.Amount(smoke: 20, ci: 400);
        long slowest = 0;
        context.ForEach(rounds, round =>
        {
            for (var i = 0; i < 100 && !context.IsOver; i++)
            {
                var seed = (context.Seed * 1_000_003) + ((ulong)round * 100) + (ulong)i;
                try
                {
                    if (Try(seed, out var took))
                    {
                        InterlockedMax(ref slowest, (long)took.TotalMilliseconds);
                        context.Count("hostile stores");
                    }
                    else
                    {
                        context.Count("files that cannot be forged");
                    }
                }
                catch (Exception failure)
                {
                    context.Fail(string.Create(CultureInfo.InvariantCulture, $"seed={seed}"), failure.ToString());
                }
            }
        });
        context.Count("milliseconds for the slowest", slowest);
    }

    public override void Replay(ReplayWords words) => Try(words.Seed, out _);

    /// <summary>Reads one hostile store. Returns whether the seed makes one.</summary>
    private static bool Try(ulong seed, out TimeSpan took)
    {
        var isForged = TryForge(seed, out var fixture, out var name, out var bytes);
        took = isForged ? HostileReading.Run(() => fixture.Disk((name, bytes)), ScriptWord.Store, fixture.Options, name) : TimeSpan.Zero;
        return isForged;
    }

    private static bool TryForge(ulong seed, out Fixture fixture, out string name, out byte[] bytes)
    {
        var dice = new Dice(seed);
        fixture = Fixture.All[dice.Below(Fixture.All.Count)];
        name = fixture.Names[dice.Below(fixture.Names.Count)];
        bytes = (byte[])fixture.Bytes(name).Clone();
        return name switch
        {
            _ when name.EndsWith(".sst", StringComparison.Ordinal) => Forgery.OfTable(bytes, ref dice),
            _ when name.EndsWith(".log", StringComparison.Ordinal) || name.StartsWith("MANIFEST", StringComparison.Ordinal) => Forgery.OfLog(bytes, ref dice),
            _ => false,
        };
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            if (Interlocked.CompareExchange(ref target, value, seen) == seen)
            {
                return;
            }
        }
    }
}
