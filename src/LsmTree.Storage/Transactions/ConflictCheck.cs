using System.Text;
using LsmTree.Storage.Batches;
using LsmTree.Storage.Cursors;
using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Transactions;

/// <summary>Has anybody committed what this transaction wrote, or read, since it began? Asked of the view itself, so the answer is exact.</summary>
/// <remarks>
/// <para>Only sources that hold something newer than the transaction's snapshot are looked at: for a short transaction that is the active memtable,
/// and nothing at all when nobody has committed in between. RocksDB's optimistic transactions ask memtables only and fail when those no longer
/// reach back far enough; a table whose newest number is above the snapshot is asked here, too.</para>
/// <para>Entries newer than a listed snapshot keep their sequence numbers through compaction, so nothing newer can hide.</para>
/// </remarks>
internal static class ConflictCheck
{
    /// <summary>Throws <see cref="ConflictException"/> when an edit of <paramref name="batch"/> or a read of <paramref name="reads"/> meets a commit after <paramref name="since"/>.</summary>
    /// <param name="view">The present view, counted.</param>
    /// <param name="batch">What the transaction wrote.</param>
    /// <param name="reads">What it read; null when reads are not checked.</param>
    /// <param name="since">The number up to which everything is known not to conflict.</param>
    public static void Validate(StoreView view, BatchBuffer batch, ReadSet? reads, ulong since)
    {
        var reader = new BatchReader(batch.Written);
        while (reader.TryRead(out var kind, out var key, out var value))
        {
            if (kind == EntryKind.RangeDelete ? HasNewer(view, key, value, highIsOpen: false, highIsInclusive: false, since) : HasNewer(view, key, since))
            {
                Throw("wrote", key);
            }
        }

        if (reads is null)
        {
            return;
        }

        foreach (var key in reads.Keys)
        {
            if (HasNewer(view, key, since))
            {
                Throw("read", key);
            }
        }

        foreach (var range in reads.Ranges)
        {
            if (!range.IsEmpty && HasNewer(view, range.Low, range.High, highIsOpen: range.High is null, highIsInclusive: true, since))
            {
                Throw("read a range from", range.Low);
            }
        }
    }

    private static bool HasNewer(StoreView view, ReadOnlySpan<byte> key, ulong since)
    {
        if (IsNewer(view.Active, key, since))
        {
            return true;
        }

        foreach (var frozen in view.Frozen)
        {
            if (IsNewer(frozen.Memtable, key, since))
            {
                return true;
            }
        }

        for (var level = 0; level < Versions.Version.LevelCount; level++)
        {
            foreach (var file in view.Version.Level(level))
            {
                if (file.Info.LargestSequence <= since || !file.Info.MayHold(key))
                {
                    continue;
                }

                var table = file.Open();
                using var reading = table.Enter();
                var counters = default(TableCounters);
                if ((table.TryGet(key, ulong.MaxValue, ReadTier.Disk, ref counters, out var trailer, out _) == LookupOutcome.Found && Trailer.Sequence(trailer) > since)
                    || table.RangeTombstones.CoveringSequence(key, Trailer.MaxSequence) > since)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsNewer(Memtables.Memtable memtable, ReadOnlySpan<byte> key, ulong since) =>
        memtable.LastSequence > since
        && ((memtable.TryGet(key, ulong.MaxValue, out var trailer, out _) && Trailer.Sequence(trailer) > since)
            || (memtable.HasRangeTombstones && memtable.RangeTombstones.CoveringSequence(key, Trailer.MaxSequence) > since));

    private static bool HasNewer(StoreView view, ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, bool highIsOpen, bool highIsInclusive, ulong since)
    {
        if (IsNewer(view.Active, low, high, highIsOpen, highIsInclusive, since))
        {
            return true;
        }

        foreach (var frozen in view.Frozen)
        {
            if (IsNewer(frozen.Memtable, low, high, highIsOpen, highIsInclusive, since))
            {
                return true;
            }
        }

        for (var level = 0; level < Versions.Version.LevelCount; level++)
        {
            foreach (var file in view.Version.Level(level))
            {
                if (file.Info.LargestSequence <= since)
                {
                    continue;
                }

                var table = file.Open();
                using var cursor = table.CreateCursor(fillCache: false);
                if (AnyNewer(cursor, low, high, highIsOpen, highIsInclusive, since)
                    || AnyNewer(table.RangeTombstones, low, high, highIsOpen, highIsInclusive, since))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsNewer(Memtables.Memtable memtable, ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, bool highIsOpen, bool highIsInclusive, ulong since)
    {
        if (memtable.LastSequence <= since)
        {
            return false;
        }

        using var cursor = memtable.CreateCursor();
        return AnyNewer(cursor, low, high, highIsOpen, highIsInclusive, since)
            || (memtable.HasRangeTombstones && AnyNewer(memtable.RangeTombstones, low, high, highIsOpen, highIsInclusive, since));
    }

    private static bool AnyNewer(ICursor cursor, ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, bool highIsOpen, bool highIsInclusive, ulong since)
    {
        for (cursor.Seek(low, ulong.MaxValue); cursor.IsValid; cursor.Next())
        {
            if (!highIsOpen && cursor.Key.SequenceCompareTo(high) is var order && (order > 0 || (order == 0 && !highIsInclusive)))
            {
                return false;
            }

            if (Trailer.Sequence(cursor.Trailer) > since)
            {
                return true;
            }
        }

        return false;
    }

    private static bool AnyNewer(RangeTombstoneStack tombstones, ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, bool highIsOpen, bool highIsInclusive, ulong since)
    {
        foreach (var list in tombstones.Lists)
        {
            if (AnyNewer(list, low, high, highIsOpen, highIsInclusive, since))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AnyNewer(RangeTombstoneList tombstones, ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, bool highIsOpen, bool highIsInclusive, ulong since)
    {
        foreach (var tombstone in tombstones.VisibleFragments([], low.ToArray()))
        {
            var order = highIsOpen ? -1 : tombstone.Start.AsSpan().SequenceCompareTo(high);
            if (order > 0 || (order == 0 && !highIsInclusive))
            {
                return false;
            }

            if (tombstone.Sequence > since)
            {
                return true;
            }
        }

        return false;
    }

    private static void Throw(string did, ReadOnlySpan<byte> key)
    {
        var text = new StringBuilder();
        foreach (var b in key[..Math.Min(key.Length, 32)])
        {
            text.Append(b is >= 0x20 and < 0x7F ? (char)b : '.');
        }

        throw new ConflictException($"Another transaction committed first: this one {did} the key '{text}' ({Convert.ToHexString(key[..Math.Min(key.Length, 32)])}{(key.Length > 32 ? "…" : "")}), which was written since it began. Nothing of it was written; run it again.");
    }
}
