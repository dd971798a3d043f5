using LsmTree.Storage;

namespace LsmTree.Data.Sessions;

/// <summary>What a connection string says about the engine, which all connections of a directory share.</summary>
internal static class EngineOptions
{
    private const long LeastMemtable = 1L << 20; // 1 MiB
    private const long GreatestMemtable = 64L << 20; // 64 MiB, RocksDB's default
    private const int MemtableShare = 8; // an eighth of the budget; the cache has what the memtables leave
    private const int Memtables = 3; // that exist at most: one active, two frozen

    public static LsmStoreOptions From(SessionSettings settings, TimeProvider time)
    {
        var name = settings.Name.Length > 0 || !settings.InMemory ? settings.Name : settings.DataSource;
        var options = new LsmStoreOptions { Mode = settings.Mode, Durability = StoreDurability(settings), Time = time, Name = name, Events = settings.Events };
        if (settings.MemoryBudget is { } budget)
        {
            var memtable = MemtableBytes(settings, budget);
            options = options with { MemtableBytes = memtable, BlockCacheBytes = budget - (Memtables * memtable) };
        }
        else if (settings.MemtableBytes is { } memtable)
        {
            options = options with { MemtableBytes = memtable };
        }

        return settings.Compression is { } compression ? options with { Compression = compression } : options;
    }

    /// <summary>Refuses a budget that the memtables alone would exceed.</summary>
    /// <exception cref="ArgumentException">It is less than three memtables.</exception>
    public static void CheckBudget(SessionSettings settings)
    {
        if (settings.MemoryBudget is { } budget && budget < Memtables * MemtableBytes(settings, budget))
        {
            var memtable = MemtableBytes(settings, budget);
            throw new ArgumentException(
                $"'Memory Budget' is {budget} bytes in the connection string, which {Memtables} memtables of {memtable} bytes exceed: raise it to {Memtables * memtable} or more, or set 'Memtable Size' to {budget / Memtables} or less.");
        }
    }

    /// <summary>Why a connection cannot join an open engine: an option, and both values. Null when it can.</summary>
    public static LsmException? FindConflict(SessionSettings asked, SessionSettings open)
    {
        if (asked.Mode != OpenMode.ReadOnly && open.Mode == OpenMode.ReadOnly)
        {
            return Conflict("Mode", asked.Mode, open.Mode);
        }

        if (asked.Mode != OpenMode.ReadOnly && (asked.Durability == Durability.Off) != (open.Durability == Durability.Off))
        {
            return Conflict("Synchronous", asked.Durability, open.Durability);
        }

        return Compare("Memory Budget", asked.MemoryBudget, open.MemoryBudget)
            ?? Compare("Memtable Size", asked.MemtableBytes, open.MemtableBytes)
            ?? Compare("Compression", asked.Compression, open.Compression);
    }

    /// <summary>
    /// The engine's mode is the least that its connections may want, for each commit asks for its connection's own, and can ask only for more.
    /// Only Off cannot be shared: it has no log at all.
    /// </summary>
    private static Durability StoreDurability(SessionSettings settings) =>
        settings.Durability == Durability.Off ? Durability.Off : Durability.Normal;

    private static long MemtableBytes(SessionSettings settings, long budget) =>
        settings.MemtableBytes ?? Math.Clamp(budget / MemtableShare, LeastMemtable, GreatestMemtable);

    private static LsmException? Compare<T>(string option, T? asked, T? open) where T : struct =>
        asked is null || asked.Equals(open) ? null : Conflict(option, asked, open);

    private static LsmException Conflict(string option, object asked, object? open) => new(
        LsmErrorCode.OptionsConflict,
        $"This connection asks for {option}={asked}, and the engine of its directory is open with {(open is null ? "the default" : $"{option}={open}")}",
        hint: "connections to one directory share one engine: give them the same value, or close the others first");
}
