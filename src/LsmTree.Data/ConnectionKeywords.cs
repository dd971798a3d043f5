using System.Globalization;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data;

/// <summary>The keywords of a connection string: their synonyms, their defaults, and what each accepts.</summary>
internal static class ConnectionKeywords
{
    public const string DataSource = "Data Source";
    public const string Mode = "Mode";
    public const string Synchronous = "Synchronous";
    public const string DefaultTimeout = "Default Timeout";
    public const string Pooling = "Pooling";
    public const string EngineIdleTimeout = "Engine Idle Timeout";
    public const string MemoryBudget = "Memory Budget";
    public const string MemtableSize = "Memtable Size";
    public const string Compression = "Compression";
    public const string IgnoreCommandTransaction = "Ignore Command Transaction";
    public const string AllowFullScan = "Allow Full Scan";
    public const string Enlist = "Enlist";
    public const string Name = "Name";

    public const int DefaultTimeoutSeconds = 30;
    public const int EngineIdleTimeoutSeconds = 60;

    private const long SmallestBudget = 1L << 20; // 1 MiB: three small memtables and a handful of blocks
    private const long LargestBudget = 1L << 40; // 1 TiB
    private const long SmallestMemtable = 64L << 10; // 64 KiB, the engine's own limit
    private const long LargestMemtable = 1L << 30; // 1 GiB, the engine's own limit

    private static readonly Dictionary<string, string> s_canonical = new(StringComparer.OrdinalIgnoreCase)
    {
        [DataSource] = DataSource,
        ["DataSource"] = DataSource,
        ["Path"] = DataSource,
        ["Filename"] = DataSource,
        ["Directory"] = DataSource,
        [Mode] = Mode,
        [Synchronous] = Synchronous,
        ["Sync"] = Synchronous,
        [DefaultTimeout] = DefaultTimeout,
        ["DefaultTimeout"] = DefaultTimeout,
        ["Command Timeout"] = DefaultTimeout,
        ["CommandTimeout"] = DefaultTimeout,
        [Pooling] = Pooling,
        [EngineIdleTimeout] = EngineIdleTimeout,
        ["EngineIdleTimeout"] = EngineIdleTimeout,
        ["Connection Idle Lifetime"] = EngineIdleTimeout,
        ["ConnectionIdleLifetime"] = EngineIdleTimeout,
        [MemoryBudget] = MemoryBudget,
        ["MemoryBudget"] = MemoryBudget,
        [MemtableSize] = MemtableSize,
        ["MemtableSize"] = MemtableSize,
        [Compression] = Compression,
        [IgnoreCommandTransaction] = IgnoreCommandTransaction,
        ["IgnoreCommandTransaction"] = IgnoreCommandTransaction,
        [AllowFullScan] = AllowFullScan,
        ["AllowFullScan"] = AllowFullScan,
        [Enlist] = Enlist,
        [Name] = Name,
    };

    /// <summary>The keywords in the order in which the documentation lists them.</summary>
    public static readonly string[] All =
        [DataSource, Mode, Synchronous, DefaultTimeout, Pooling, EngineIdleTimeout, MemoryBudget, MemtableSize, Compression, IgnoreCommandTransaction, AllowFullScan, Enlist, Name];

    /// <summary>The keyword that a keyword or synonym stands for; null when it is unknown.</summary>
    public static string? Canonical(string keyword)
    {
        ArgumentNullException.ThrowIfNull(keyword);
        return s_canonical.GetValueOrDefault(keyword);
    }

    public static ArgumentException Unknown(string keyword)
    {
        var nearest = NearestName.Find(keyword, s_canonical.Keys);
        return new ArgumentException($"The connection string keyword '{keyword}' is unknown; {(nearest is null ? "known are " + string.Join(", ", All) : $"did you mean '{nearest}'?")}", nameof(keyword));
    }

    public static object? Default(string canonical) => canonical switch
    {
        DataSource or Name => "",
        Mode => LsmOpenMode.ReadWriteCreate,
        Synchronous => Durability.Full,
        DefaultTimeout => DefaultTimeoutSeconds,
        EngineIdleTimeout => EngineIdleTimeoutSeconds,
        Pooling or AllowFullScan => true,
        IgnoreCommandTransaction or Enlist => false,
        _ => null,
    };

    /// <summary>The value as the type of its keyword.</summary>
    /// <exception cref="ArgumentException">The value does not fit.</exception>
    /// <exception cref="NotSupportedException">Enlist is true.</exception>
    public static object Check(string canonical, object value) => canonical switch
    {
        DataSource or Name => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        Mode => ToEnum<LsmOpenMode>(canonical, value),
        Synchronous => ToEnum<Durability>(canonical, value),
        Compression => ToEnum<Compression>(canonical, value),
        DefaultTimeout or EngineIdleTimeout => ToSeconds(canonical, value),
        Pooling or IgnoreCommandTransaction or AllowFullScan => ToBoolean(canonical, value),
        MemoryBudget => ToBytes(canonical, value, SmallestBudget, LargestBudget),
        MemtableSize => ToBytes(canonical, value, SmallestMemtable, LargestMemtable),
        Enlist => !ToBoolean(canonical, value)
            ? false
            : throw new NotSupportedException("Enlist=true is not supported: the store does not take part in System.Transactions. Use BeginTransaction, and leave Enlist out."),
        _ => throw Unknown(canonical),
    };

    private static object ToEnum<T>(string canonical, object value) where T : struct, Enum
    {
        if (value is T typed && Enum.IsDefined(typed))
        {
            return typed;
        }

        var text = value as string ?? "";
        foreach (var name in Enum.GetNames<T>())
        {
            if (name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return Enum.Parse<T>(name);
            }
        }

        throw Unfit(canonical, value, "one of " + string.Join(", ", Enum.GetNames<T>()));
    }

    private static bool ToBoolean(string canonical, object value) => value switch
    {
        bool typed => typed,
        string text when IsOneOf(text, "true", "yes", "1") => true,
        string text when IsOneOf(text, "false", "no", "0") => false,
        _ => throw Unfit(canonical, value, "true or false"),
    };

    private static bool IsOneOf(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.AsSpan().Trim().Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static int ToSeconds(string canonical, object value)
    {
        const int LongestTimeout = 2_000_000; // seconds, 23 days: what a timer in milliseconds can hold
        int? seconds = value switch
        {
            int typed => typed,
            string text when int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => null,
        };
        return seconds is >= 0 and <= LongestTimeout ? seconds.Value : throw Unfit(canonical, value, $"a whole number of seconds from 0 to {LongestTimeout}");
    }

    private static long ToBytes(string canonical, object value, long smallest, long largest)
    {
        long? bytes = value switch
        {
            int typed => typed,
            long typed => typed,
            string text => ParseBytes(text.AsSpan().Trim()),
            _ => null,
        };
        return bytes >= smallest && bytes <= largest ? bytes.Value : throw Unfit(canonical, value, $"a number of bytes from {smallest} to {largest}, with a unit (KB, MB, GB; 1 KB is 1,024 bytes) if you like");
    }

    private static long? ParseBytes(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? text : text[..digits];
        var shift = text[number.Length..].Trim().ToString().ToUpperInvariant() switch
        {
            "" or "B" => 0,
            "K" or "KB" or "KIB" => 10,
            "M" or "MB" or "MIB" => 20,
            "G" or "GB" or "GIB" => 30,
            _ => -1,
        };
        return shift >= 0 && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= long.MaxValue >> shift ? count << shift : null;
    }

    private static ArgumentException Unfit(string canonical, object value, string expected) =>
        new($"'{value}' is not a value for '{canonical}' in a connection string; expected is {expected}.", nameof(value));
}
