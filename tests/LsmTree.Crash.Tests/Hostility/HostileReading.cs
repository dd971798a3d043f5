using System.Diagnostics;
using LsmTree.Crash.Tests.Corruption;
using LsmTree.Crash.Tests.Images;
using LsmTree.Storage;
using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Hostility;

/// <summary>Opens a hostile store and reads all of it: within a second, 64 MiB of managed memory and 64 MiB of the store's own, to data or a documented error.</summary>
internal static class HostileReading
{
    private const long MostBytes = 64 << 20;
    private const int Attempts = 4;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    /// <summary>Reads it, once more when the machine was busy elsewhere for too long. Returns how long it took.</summary>
    /// <param name="disk">Makes the disk, anew for each attempt.</param>
    /// <param name="directory">The store's directory on it.</param>
    /// <param name="options">The settings.</param>
    /// <param name="what">What is forged, for a message.</param>
    public static TimeSpan Run(Func<IFileSystem> disk, string directory, LsmStoreOptions options, string what)
    {
        var took = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < Attempts && took > s_longest; attempt++)
        {
            var files = disk();
            var clock = Stopwatch.GetTimestamp();
            var before = GC.GetAllocatedBytesForCurrentThread();
            Read(files, directory, options);
            took = Stopwatch.GetElapsedTime(clock);
            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            if (taken > MostBytes)
            {
                throw new DamageException($"a hostile {what} took {taken:N0} bytes of memory");
            }
        }

        return took <= s_longest ? took : throw new DamageException($"a hostile {what} took {took.TotalMilliseconds:0} ms, each of {Attempts} times");
    }

    private static void Read(IFileSystem files, string directory, LsmStoreOptions options)
    {
        LsmStore? store = null;
        try
        {
            store = LsmStore.OpenOn(files, directory, null, options);
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
}
