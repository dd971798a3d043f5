using System.Globalization;
using LsmTree.Data.Values;

namespace LsmTree.Data.Parsing;

/// <summary>Moments out of literals: ISO 8601 as PostgreSQL writes it, with a space or a T between date and time, to seven digits of a second.</summary>
internal static class TemporalText
{
    private static readonly string[] s_times = ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF"];
    private static readonly string[] s_timestamps = ["yyyy-MM-dd", .. s_times.SelectMany(static time => (string[])[$"yyyy-MM-dd {time}", $"yyyy-MM-dd'T'{time}"])];
    private static readonly string[] s_zonedTimestamps = [.. s_timestamps.SelectMany(static timestamp => (string[])[timestamp, $"{timestamp}zzz", $"{timestamp} zzz", $"{timestamp}zz", $"{timestamp}'Z'"])];

    public static SqlValue? Date(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? SqlValue.FromDate(date) : null;

    public static SqlValue? Time(string text) =>
        TimeOnly.TryParseExact(text, s_times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? SqlValue.FromTime(time.Ticks) : null;

    public static SqlValue? Timestamp(string text) =>
        DateTime.TryParseExact(text, s_timestamps, CultureInfo.InvariantCulture, DateTimeStyles.None, out var timestamp) ? SqlValue.FromTimestamp(timestamp) : null;

    /// <summary>Without an offset the moment is in UTC: a store has no time zone of its own.</summary>
    public static SqlValue? TimestampTz(string text) =>
        DateTimeOffset.TryParseExact(text, s_zonedTimestamps, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? SqlValue.FromTimestampTz(moment) : null;

    /// <summary>What a literal of a type looks like.</summary>
    public static string Shape(string typeName) => typeName switch
    {
        "DATE" => "write DATE '2024-02-29'",
        "TIME" => "write TIME '23:59:59.1234567'",
        "TIMESTAMP" or "DATETIME" => "write TIMESTAMP '2024-02-29 23:59:59.1234567'",
        "TIMESTAMPTZ" or "DATETIMEOFFSET" => "write TIMESTAMPTZ '2024-02-29 23:59:59.1234567+02:00'",
        _ => "write UUID '00112233-4455-6677-8899-aabbccddeeff'",
    };
}
