using LsmTree.Storage.Keys;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Views;

/// <summary>One key in one view, newest source first: active memtable, frozen ones, level 0, then one table of each deeper level.</summary>
/// <remarks>
/// Sources are strictly older one after another, so the first entry found is the newest, and a range tombstone met in a source hides everything
/// in the sources after it.
/// </remarks>
internal static class PointLookup
{
    /// <summary>Finds the value of <paramref name="key"/> as of <paramref name="sequence"/>.</summary>
    /// <param name="view">The view, read in a <see cref="Memory.ReadSection"/>; counted, too, when <paramref name="tier"/> is <see cref="ReadTier.Disk"/>.</param>
    /// <param name="key">The key.</param>
    /// <param name="sequence">The newest sequence number that counts.</param>
    /// <param name="moment">By which entries expire.</param>
    /// <param name="tier">Whether files may be read.</param>
    /// <param name="counters">Is added to.</param>
    /// <param name="value">The value; valid while the caller is in the same <see cref="Memory.ReadSection"/>, or has the view counted.</param>
    /// <param name="fromMemtable">True when a memtable gave the answer.</param>
    public static LookupOutcome Find(StoreView view, ReadOnlySpan<byte> key, ulong sequence, ReadMoment moment, ReadTier tier, scoped ref TableCounters counters, out ReadOnlySpan<byte> value, out bool fromMemtable)
    {
        var seek = Trailer.ForSeek(sequence);
        ulong covering = 0;
        fromMemtable = true;
        var active = view.Active;
        if (active.HasRangeTombstones)
        {
            covering = active.RangeTombstones.CoveringSequence(key, sequence);
        }

        if (active.TryGet(key, seek, out var trailer, out value))
        {
            return Resolve(trailer, covering, key, moment, ref value);
        }

        foreach (var frozen in view.Frozen)
        {
            if (covering != 0)
            {
                return LookupOutcome.Absent;
            }

            counters.FrozenProbes++;
            if (frozen.Memtable.HasRangeTombstones)
            {
                covering = frozen.Memtable.RangeTombstones.CoveringSequence(key, sequence);
            }

            if (frozen.Memtable.TryGet(key, seek, out trailer, out value))
            {
                return Resolve(trailer, covering, key, moment, ref value);
            }
        }

        fromMemtable = false;
        return covering != 0 ? LookupOutcome.Absent : FindInTables(view.Version, key, sequence, moment, seek, tier, ref counters, out value);
    }

    private static LookupOutcome FindInTables(Versions.Version version, ReadOnlySpan<byte> key, ulong sequence, ReadMoment moment, ulong seek, ReadTier tier, scoped ref TableCounters counters, out ReadOnlySpan<byte> value)
    {
        foreach (var file in version.Level(0))
        {
            if (!file.Info.MayHold(key))
            {
                continue;
            }

            if (FindInTable(file, key, sequence, moment, seek, tier, ref counters, out value) is var outcome && outcome is not null)
            {
                return outcome.Value;
            }
        }

        for (var level = 1; level < Versions.Version.LevelCount; level++)
        {
            var file = version.FindTable(level, key);
            if (file is not null && FindInTable(file, key, sequence, moment, seek, tier, ref counters, out value) is var outcome && outcome is not null)
            {
                return outcome.Value;
            }
        }

        value = default;
        return LookupOutcome.Absent;
    }

    /// <summary>Null when older sources must be asked.</summary>
    private static LookupOutcome? FindInTable(Versions.TableFile file, ReadOnlySpan<byte> key, ulong sequence, ReadMoment moment, ulong seek, ReadTier tier, scoped ref TableCounters counters, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (tier == ReadTier.CacheOnly && !file.IsOpen)
        {
            return LookupOutcome.NeedsRead;
        }

        var table = file.Open();
        var covering = file.Info.RangeTombstoneCount == 0 ? 0 : table.RangeTombstones.CoveringSequence(key, sequence);
        switch (table.TryGet(key, seek, tier, ref counters, out var trailer, out value))
        {
            case LookupOutcome.Found:
                return Resolve(trailer, covering, key, moment, ref value);
            case LookupOutcome.NeedsRead:
                return LookupOutcome.NeedsRead;
            default:
                return covering != 0 ? LookupOutcome.Absent : null;
        }
    }

    /// <summary>What an entry says to a reader: its value, which is then taken out of the stored one, or that the key is gone.</summary>
    internal static LookupOutcome Resolve(ulong trailer, ulong covering, ReadOnlySpan<byte> key, ReadMoment moment, ref ReadOnlySpan<byte> value)
    {
        if (Trailer.Sequence(trailer) < covering)
        {
            return LookupOutcome.Absent;
        }

        return Trailer.Kind(trailer) switch
        {
            EntryKind.Put => LookupOutcome.Found,
            EntryKind.PutExpiring when moment.TryOpen(key, ref value) => LookupOutcome.Found,
            _ => LookupOutcome.Absent,
        };
    }
}
