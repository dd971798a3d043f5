using System.Globalization;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Files;
using LsmTree.Storage.Recovery;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage;

/// <summary>Checks the options once, and gives each floor its own small part of them: options do not travel.</summary>
internal static class OptionsSplit
{
    public static RecoverySettings Recovery(LsmStoreOptions options)
    {
        Validate(options);
        return new RecoverySettings(options.Mode, options.Recovery, options.MemtableBytes, options.BlockCacheBytes, Tables(options), options.Seed ?? DrawSeed(options.Time), Holder(options.Time));
    }

    /// <summary>How tables of level 0 are written; <see cref="LevelSettings.TablesOf"/> says what deeper levels change.</summary>
    public static TableSettings Tables(LsmStoreOptions options) =>
        new(BlockBytes: options.BlockBytes, BloomBitsPerKey: options.BloomBitsPerKey, Compression: options.CompressionPerLevel?[0] ?? options.Compression);

    public static LevelSettings Levels(LsmStoreOptions options) =>
        LevelSettings.Default with { TableBytes = options.TableBytes, BaseLevelBytes = Math.Max(options.MemtableBytes, 2 * options.TableBytes), FiltersOnLastLevel = options.FiltersOnLastLevel, CompressionPerLevel = options.CompressionPerLevel };

    public static AppendSettings LogFile(LsmStoreOptions options) =>
        new(Mapped: options.LogAppend == LogAppend.Mapped, Populated: options.Durability != Durability.Full);

    /// <summary>The settings as text, one to a line: those that shape files or behaviour.</summary>
    public static string Text(LsmStoreOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Durability={options.Durability}
        MemtableBytes={options.MemtableBytes}
        BlockCacheBytes={options.BlockCacheBytes}
        BlockBytes={options.BlockBytes}
        BloomBitsPerKey={options.BloomBitsPerKey}
        TableBytes={options.TableBytes}
        Compression={(options.CompressionPerLevel is { } levels ? string.Join(',', levels) : options.Compression)}
        Recovery={options.Recovery}
        LogAppend={options.LogAppend}

        """).ReplaceLineEndings("\n");

    private static ulong DrawSeed(TimeProvider time) =>
        (ulong)time.GetUtcNow().Ticks * 0x9E3779B97F4A7C15 ^ (ulong)Environment.ProcessId << 32 ^ (ulong)time.GetTimestamp();

    /// <summary>Who takes a lock, for the message that others get.</summary>
    public static string Holder(TimeProvider time)
    {
        // Only Windows has extensions of programs; elsewhere what follows a dot is part of the name.
        var program = OperatingSystem.IsWindows() ? Path.GetFileNameWithoutExtension(Environment.ProcessPath) : Path.GetFileName(Environment.ProcessPath);
        return string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} ({program}) since {time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z");
    }

    private static void Validate(LsmStoreOptions options)
    {
        InRange(options.MemtableBytes, 64 << 10, 1L << 30, nameof(options.MemtableBytes));
        InRange(options.TransactionBytes, 64 << 10, 4L << 30, nameof(options.TransactionBytes));
        InRange(options.BlockCacheBytes, 0, 1L << 40, nameof(options.BlockCacheBytes));
        InRange(options.BlockBytes, 512, 1 << 20, nameof(options.BlockBytes));
        InRange(options.BloomBitsPerKey, 0, 32, nameof(options.BloomBitsPerKey));
        InRange(options.TableBytes, 64 << 10, 2L << 30, nameof(options.TableBytes));
        Defined(options.Mode, nameof(options.Mode));
        Defined(options.Durability, nameof(options.Durability));
        Known(options.Compression, nameof(options.Compression));
        if (options.CompressionPerLevel is { } levels)
        {
            InRange(levels.Count, 1, Versions.Version.LevelCount, nameof(options.CompressionPerLevel) + ".Count");
            foreach (var compression in levels)
            {
                Known(compression, nameof(options.CompressionPerLevel));
            }
        }

        Defined(options.Recovery, nameof(options.Recovery));
        Defined(options.Background, nameof(options.Background));
        Defined(options.LogAppend, nameof(options.LogAppend));
        ArgumentNullException.ThrowIfNull(options.Time);
    }

    private static void InRange(long value, long least, long most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(LsmStoreOptions)}.{name} must be from {least} to {most}.");
        }
    }

    private static void Known(Compression compression, string name)
    {
        if (!BlockCompressor.TryFind(compression, out _))
        {
            Defined(compression, name);
        }
    }

    private static void Defined<T>(T value, string name) where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(LsmStoreOptions)}.{name} is no known {typeof(T).Name}.");
        }
    }
}
