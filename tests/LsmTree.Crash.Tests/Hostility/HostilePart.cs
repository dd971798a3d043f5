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
    private const int Attempts = 4;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    public override string Name => "hostile";

    public override string Claim =>
        "Bytes inside blocks, footers, log records and manifest edits are changed and every checksum above them is made right again: opening, scanning, reading and verifying end with data or a documented error, within 1 s, 64 MiB of managed memory, and 64 MiB in memtables and cached blocks, and touch no path outside the directory.";

    public override string Limits =>
        "Random changes of one to eight bytes, and extreme numbers, in files of a few KiB; what such a store then reads as is nobody's promise; native memory is looked at after scans, reads and a compaction, not in the midst of them.";

    public override void Run(PartContext context)
    {
        var rounds = context.Amount(smoke: 20, ci: 570);
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

    /// <summary>Reads one hostile store, a second time when the machine was busy elsewhere for the first. Returns whether the seed makes one.</summary>
    private static bool Try(ulong seed, out TimeSpan took)
    {
        took = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < Attempts && took > s_longest; attempt++)
        {
            var clock = Stopwatch.GetTimestamp();
            if (!TryOnce(seed))
            {
                return false;
            }

            took = Stopwatch.GetElapsedTime(clock);
        }

        return took <= s_longest ? true : throw new DamageException($"a hostile store took {took.TotalMilliseconds:0} ms, each of {Attempts} times");
    }

    private static bool TryOnce(ulong seed)
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
            return false;
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(fixture, fixture.Disk((name, bytes)));
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        if (taken > MostBytes)
        {
            throw new DamageException($"a hostile {name} took {taken:N0} bytes of memory");
        }

        return true;
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
            RequireLittleMemory(store);
            store.Compact();
            RequireLittleMemory(store);
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

    /// <summary>What the store holds outside the managed heap: memtables, blocks, filters and indexes.</summary>
    private static void RequireLittleMemory(LsmStore store)
    {
        var statistics = store.GetStatistics();
        var taken = statistics.MemtableMemoryBytes + statistics.BlockCacheBytes + statistics.FilterAndIndexBytes;
        if (taken > MostBytes)
        {
            throw new DamageException($"a hostile store holds {taken:N0} bytes of native memory");
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
