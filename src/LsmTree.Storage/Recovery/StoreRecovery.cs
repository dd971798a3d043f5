using LsmTree.Storage.Blocks;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Files;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Recovery;

/// <summary>From a directory to a store that may be written: lock, version, logs, flush.</summary>
/// <remarks>
/// <para>The steps, each safe to be cut short and run again:</para>
/// <code>
/// 1  take the lock
/// 2  read CURRENT and the manifest, or create them
/// 3  replay the logs that the manifest does not call obsolete
/// 4  write what they hold to tables of level 0, synced, and the directory; keep what is given up under another name
/// 5  one manifest edit: these tables come, these logs go
/// </code>
/// <para>After step 5 what was replayed is durable by itself: what a log held may so far have been only in the page cache, and a crash after
/// the first new acknowledgement must not take it back. A log that was replayed is never appended to.</para>
/// <para>Read-only, steps 1, 4 and 5 are left out: the logs' entries stay in memory, and not a byte of the directory changes.</para>
/// </remarks>
internal static class StoreRecovery
{
    /// <summary>How often a reader looks again when what it read does not fit together and a writer beside it has changed the directory meanwhile.</summary>
    private const int ReadOnlyAttempts = 50;

    public static RecoveredStore Open(IFileSystem files, string directory, string displayName, RecoverySettings settings, ChunkStock chunks)
    {
        var cache = new BlockCache(settings.BlockCacheBytes);
        return settings.Mode == OpenMode.ReadOnly
            ? OpenReadOnly(files, directory, displayName, settings, cache, chunks)
            : OpenForWriting(files, directory, displayName, settings, cache, chunks);
    }

    private static RecoveredStore OpenForWriting(IFileSystem files, string directory, string displayName, RecoverySettings settings, BlockCache cache, ChunkStock chunks)
    {
        if (settings.Mode == OpenMode.ReadWrite && !files.DirectoryExists(directory))
        {
            throw new StoreFormatException($"{directory} does not exist. Open it with {nameof(OpenMode)}.{nameof(OpenMode.ReadWriteCreate)} to create a store there.");
        }

        files.CreateDirectory(directory);
        var directoryLock = files.Lock(Path.Combine(directory, FileNames.Lock), settings.Holder);
        VersionSet? versions = null;
        try
        {
            var exists = VersionSet.Exists(files, directory);
            if (!exists && settings.Mode == OpenMode.ReadWrite)
            {
                throw new StoreFormatException($"{directory} has no store. Open it with {nameof(OpenMode)}.{nameof(OpenMode.ReadWriteCreate)} to create one.");
            }

            versions = exists ? VersionSet.Recover(files, directory, cache) : VersionSet.Create(files, directory, settings.Seed, cache);
            var inTables = versions.LastSequence;
            var lastSequence = exists ? Replay(files, directory, settings, versions, chunks) : 0;
            return new RecoveredStore(files, directory, displayName, versions, cache, chunks, new Memtable(stock: chunks), lastSequence, directoryLock)
            {
                ReplayedEntries = (long)(lastSequence - Math.Min(inTables, lastSequence)),
            };
        }
        catch
        {
            versions?.Dispose();
            directoryLock.Dispose();
            throw;
        }
    }

    private static RecoveredStore OpenReadOnly(IFileSystem files, string directory, string displayName, RecoverySettings settings, BlockCache cache, ChunkStock chunks)
    {
        (string? File, long Offset)? seen = null;
        for (var attempt = 1; ; attempt++)
        {
            var names = files.DirectoryExists(directory) ? files.List(directory) : [];
            try
            {
                return ReadOnce(files, directory, displayName, settings, cache, chunks, damage => IsDamage(damage, names));
            }
            catch (Exception error) when (error is CorruptionException or FileNotFoundException)
            {
                if (IsDamage(error, names))
                {
                    throw;
                }

                seen = PlaceOf(error);
                if (attempt >= ReadOnlyAttempts)
                {
                    throw new StoreLockedException(directory, $"a writer that changes it faster than it can be read ({attempt} attempts; the last ended with: {error.Message})");
                }
            }
        }

        // A writer beside this reader may have replaced the files between reading the manifest and opening them: look again. What two looks one after
        // the other meet at the same place, while nobody changes anything, is damage.
        bool IsDamage(Exception error, IReadOnlyList<string> before) => seen == PlaceOf(error) && before.SequenceEqual(files.List(directory));
    }

    private static (string? File, long Offset) PlaceOf(Exception error) => error is CorruptionException damage ? (damage.File, damage.Offset) : ((error as FileNotFoundException)?.FileName, 0);

    // What the mode may give up of a log is given up only if it is damage, and no writer's doing.
    private static RecoveredStore ReadOnce(
        IFileSystem files, string directory, string displayName, RecoverySettings settings, BlockCache cache, ChunkStock chunks, Predicate<CorruptionException> isDamage)
    {
        if (!VersionSet.Exists(files, directory))
        {
            throw new StoreFormatException($"{directory} has no store.");
        }

        var versions = VersionSet.Recover(files, directory, cache);
        Memtable? memtable = null;
        try
        {
            // A writer beside this reader may delete tables; those that are open stay readable.
            foreach (var table in versions.Current.Tables)
            {
                table.Open();
            }

            memtable = new Memtable(stock: chunks);
            var replay = new LogReplay(files, directory, versions.StoreId, settings.Recovery);
            replay.Run(versions.LogNumber, versions.LastSequence, (batch, sequence) => memtable.Add(batch, sequence));
            if (replay.Damage is { } damage && !isDamage(damage))
            {
                throw damage;
            }

            return new RecoveredStore(files, directory, displayName, versions, cache, chunks, memtable, replay.LastSequence, null)
            {
                ReplayedEntries = (long)(replay.LastSequence - versions.LastSequence),
            };
        }
        catch
        {
            memtable?.Free();
            versions.Dispose();
            foreach (var table in versions.Current.Tables)
            {
                table.Close();
            }

            throw;
        }
    }

    private static ulong Replay(IFileSystem files, string directory, RecoverySettings settings, VersionSet versions, ChunkStock chunks)
    {
        var flush = new FlushJob(files, directory, versions.StoreId, versions.Numbers, settings.Tables);
        var added = new List<AddedTable>();
        var memtable = new Memtable(stock: chunks);
        var replay = new LogReplay(files, directory, versions.StoreId, settings.Recovery);
        try
        {
            replay.Run(versions.LogNumber, versions.LastSequence, (batch, sequence) =>
            {
                memtable.Add(batch, sequence);
                if (memtable.Bytes >= settings.MemtableBytes)
                {
                    FlushMemtable();
                    memtable.Free();
                    memtable = new Memtable(stock: chunks);
                }
            });
            FlushMemtable();
        }
        catch
        {
            RemoveUnnamed(files, directory, added);
            throw;
        }
        finally
        {
            memtable.Free();
        }

        GivenUpLogs.Keep(files, directory, replay.GivenUp);
        versions.Apply(new VersionEdit { Added = added, LogNumber = versions.Numbers.Upcoming, LastSequence = replay.LastSequence });
        return replay.LastSequence;

        void FlushMemtable()
        {
            if (!memtable.IsEmpty)
            {
                using var entries = memtable.CreateCursor();
                added.AddRange(flush.Run(entries, memtable.MergeRangeTombstones(), []).Edit.Added);
            }
        }
    }

    /// <summary>A refused opening changes nothing. No edit names these tables yet, nor has one tried to.</summary>
    private static void RemoveUnnamed(IFileSystem files, string directory, List<AddedTable> tables)
    {
        foreach (var table in tables)
        {
            try
            {
                files.Delete(Path.Combine(directory, FileNames.Table(table.Info.Number)));
            }
            catch (IOException)
            {
                // It is an orphan, which the next opening passes over. The error that led here is the one to report.
            }
        }
    }
}
