namespace LsmTree.Data.Values;

/// <summary>Dates and times from ISO 8601 text, as PostgreSQL writes them.</summary>
/// <remarks>
/// <code>
/// date        yyyy-MM-dd
/// time        HH:mm[:ss[.fraction]]              24:00 is refused; digits of the fraction after the seventh are dropped
/// timestamp   date [(T or spaces) time [zone]]   TIMESTAMP ignores the zone, as PostgreSQL does
/// zone        Z | (+ or -)HH[[:]mm]              at most 14:00; none is UTC
/// </code>
/// </remarks>
internal static class MomentParser
{
    private const int MaxOffsetMinutes = 14 * 60;

    public static bool TryParseDate(ReadOnlySpan<char> text, out DateOnly date)
    {
        if (TryReadMoment(text, out var ticks, out _))
        {
            date = DateOnly.FromDayNumber((int)(ticks / TimeSpan.TicksPerDay));
            return true;
        }

        date = default;
        return false;
    }

    /// <summary>Ticks since midnight.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> text, out long ticks) => TryReadTime(ref text, out ticks) && text.IsEmpty;

    public static bool TryParseTimestamp(ReadOnlySpan<char> text, out DateTime moment)
    {
        var isRead = TryReadMoment(text, out var ticks, out _);
        moment = new DateTime(ticks);
        return isRead;
    }

    public static bool TryParseTimestampTz(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        if (TryReadMoment(text, out var ticks, out var offsetMinutes))
        {
            var offset = TimeSpan.FromMinutes(offsetMinutes);
            var utc = ticks - offset.Ticks;
            if (utc >= 0 && utc <= DateTime.MaxValue.Ticks)
            {
                instant = new DateTimeOffset(ticks, offset);
                return true;
            }
        }

        instant = default;
        return false;
    }

    private static bool TryReadMoment(ReadOnlySpan<char> text, out long ticks, out int offsetMinutes)
    {
        offsetMinutes = 0;
        if (!TryReadDate(ref text, out ticks))
        {
            return false;
        }

        if (text.IsEmpty)
        {
            return true;
        }

        var separated = text[0] is 'T' or 't' ? text[1..] : text.TrimStart(' ');
        if (separated.Length == text.Length || !TryReadTime(ref separated, out var timeTicks))
        {
            ticks = 0;
            return false;
        }

        ticks += timeTicks;
        separated = separated.TrimStart(' ');
        if (!separated.IsEmpty && !TryReadZone(separated, out offsetMinutes))
        {
            ticks = 0;
            return false;
        }

        return true;
    }

    private static bool TryReadDate(ref ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (!TryReadDigits(ref text, 4, out var year) || !TrySkip(ref text, '-')
            || !TryReadDigits(ref text, 2, out var month) || !TrySkip(ref text, '-')
            || !TryReadDigits(ref text, 2, out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        ticks = new DateTime(year, month, day).Ticks;
        return true;
    }

    private static bool TryReadTime(ref ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (!TryReadDigits(ref text, 2, out var hour) || hour > 23 || !TrySkip(ref text, ':') || !TryReadDigits(ref text, 2, out var minute) || minute > 59)
        {
            return false;
        }

        ticks = (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute);
        if (!TrySkip(ref text, ':'))
        {
            return true;
        }

        if (!TryReadDigits(ref text, 2, out var second) || second > 59)
        {
            return false;
        }

        ticks += second * TimeSpan.TicksPerSecond;
        return !TrySkip(ref text, '.') || TryReadFraction(ref text, ref ticks);
    }

    private static bool TryReadFraction(ref ReadOnlySpan<char> text, ref long ticks)
    {
        var digits = 0;
        for (var unit = TimeSpan.TicksPerSecond / 10; digits < text.Length && char.IsAsciiDigit(text[digits]); unit /= 10)
        {
            ticks += (text[digits++] - '0') * unit;
        }

        text = text[digits..];
        return digits > 0;
    }

    private static bool TryReadZone(ReadOnlySpan<char> text, out int offsetMinutes)
    {
        offsetMinutes = 0;
        if (text is "Z" or "z")
        {
            return true;
        }

        var isNegative = text[0] == '-';
        if (!isNegative && text[0] != '+')
        {
            return false;
        }

        text = text[1..];
        var minutes = 0;
        if (!TryReadDigits(ref text, 2, out var hours) || (!text.IsEmpty && !TryReadMinutes(ref text, out minutes)) || !text.IsEmpty)
        {
            return false;
        }

        var magnitude = (hours * 60) + minutes;
        offsetMinutes = isNegative ? -magnitude : magnitude;
        return magnitude <= MaxOffsetMinutes;
    }

    private static bool TryReadMinutes(ref ReadOnlySpan<char> text, out int minutes)
    {
        TrySkip(ref text, ':');
        return TryReadDigits(ref text, 2, out minutes) && minutes < 60;
    }

    private static bool TryReadDigits(ref ReadOnlySpan<char> text, int count, out int number)
    {
        number = 0;
        if (text.Length < count)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
            {
                return false;
            }

            number = (number * 10) + (text[i] - '0');
        }

        text = text[count..];
        return true;
    }

    private static bool TrySkip(ref ReadOnlySpan<char> text, char expected)
    {
        if (text.IsEmpty || text[0] != expected)
        {
            return false;
        }

        text = text[1..];
        return true;
    }
}
