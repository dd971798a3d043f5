using System.Diagnostics;
using System.Globalization;
using LsmTree.Crash.Tests.Corruption;
using LsmTree.Crash.Tests.Images;
using LsmTree.Crash.Tests.Lanes;
using LsmTree.Crash.Tests.Scripts;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Hostility;

/// <summary>Files whose checksums are right and whose contents are not: what an enemy writes, or a bug.</summary>
internal sealed class HostilePart : Part
{
    private const long MostBytes = 64 << 20;

    public override string Name => "hostile";

    public override string Claim =>
        "Bytes inside blocks, footers, log records and manifest edits are changed and every checksum above them is made right again: opening, scanning, reading and verifying end with data or a documented error, within 64 MiB.";

    public override string Limits =>
        "Random changes of one to eight bytes, and extreme numbers, in files of a few KiB; what such a store then reads as is nobody's promise.";

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
                    var clock = Stopwatch.GetTimestamp();
                    Try(seed);
                    InterlockedMax(ref slowest, (long)Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
                    context.Count("hostile stores");
                }
                catch (Exception failure)
                {
                    context.Fail(string.Create(CultureInfo.InvariantCulture, $"seed={seed}"), failure.ToString());
                }
            }
        });
        context.Count("milliseconds for the slowest", slowest);
    }

    public override void Replay(ReplayWords words) => Try(words.Seed);

    private static void Try(ulong seed)
    {
        var dice = new Dice(seed);
        var fixture = Fixture.All[dice.Below(Fixture.All.Count)];
        var name = fixture.Names[dice.Below(fixture.Names.Count)];
        var bytes = (byte[])fixture.Bytes(name).Clone();
        var isForged = name switch
        {
            _ when name.EndsWith(".sst", StringComparison.Ordinal) => Forgery.OfTable(bytes, ref dice),
            _ when name.EndsWith(".log", StringComparison.Ordinal) || name.StartsWith("MANIFEST", StringComparison.Ordinal) => Forgery.OfLog(bytes, ref dice),
            _ => false,
        };
        if (!isForged)
        {
            return;
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(fixture, fixture.Disk((name, bytes)));
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        if (taken > MostBytes)
        {
            throw new DamageException($"a hostile {name} took {taken:N0} bytes of memory");
        }
    }

    private static void Read(Fixture fixture, SimFileSystem disk)
    {
        LsmStore? store = null;
        try
        {
            store = LsmStore.OpenOn(disk, ScriptWord.Store, null, fixture.Options);
            using (var cursor = store.CreateCursor())
            {
                for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
                {
                    _ = cursor.Value.Length;
                }

                for (cursor.SeekToLast(); cursor.IsValid; cursor.Prev())
                {
                    _ = cursor.Value.Length;
                }
            }

            for (var key = 0; key < ImageHistory.KeyCount; key++)
            {
                store.TryGet(ImageHistory.Key(key), out byte[]? _);
            }

            store.Verify();
            store.Compact();
        }
        catch (StoreException)
        {
            // Told, as the documentation says.
        }
        finally
        {
            store?.Dispose();
        }
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
