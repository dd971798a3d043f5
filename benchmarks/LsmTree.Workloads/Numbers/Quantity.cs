using System.Globalization;

namespace LsmTree.Workloads.Numbers;

/// <summary>Numbers as people write them: 10M keys, 64MiB.</summary>
internal static class Quantity
{
    private const long Thousand = 1_000;
    private const long Kibi = 1_024;

    /// <summary>Reads a count: 500, 20k, 10M, 1.5M, 1G, in thousands.</summary>
    public static bool TryParseCount(string text, out long count) => TryParse(text.EndsWith('K') ? text[..^1] + 'k' : text, static unit => unit switch
    {
        "" => 1,
        "k" => Thousand,
        "M" => Thousand * Thousand,
        "G" => Thousand * Thousand * Thousand,
        _ => null,
    }, out count);

    /// <summary>Reads a size in bytes: 100, 4K, 64M, 64MB, 64MiB, 1G: all of them in units of 1,024, as in a connection string.</summary>
    public static bool TryParseBytes(string text, out long bytes) => TryParse(text, static unit => unit.ToUpperInvariant() switch
    {
        "" or "B" => 1,
        "K" or "KB" or "KIB" => Kibi,
        "M" or "MB" or "MIB" => Kibi * Kibi,
        "G" or "GB" or "GIB" => Kibi * Kibi * Kibi,
        _ => null,
    }, out bytes);

    private static bool TryParse(string text, Func<string, long?> scaleOf, out long value)
    {
        var digits = text.TrimEnd([.. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"]);
        value = 0;
        if (scaleOf(text[digits.Length..].Trim()) is not { } scale
            || !decimal.TryParse(digits.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > (decimal)long.MaxValue / scale)
        {
            return false;
        }

        value = (long)(number * scale);
        return true;
    }
}
