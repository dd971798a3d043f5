using LsmTree.Data.Values;

namespace LsmTree.Data.Rows;

/// <summary>Makes dates and times of stored numbers, after checking that there are such.</summary>
internal static class MomentCodec
{
    private const int MaxOffsetMinutes = 14 * 60;

    /// <param name="type">DATE, TIME, TIMESTAMP or TIMESTAMPTZ.</param>
    /// <param name="number">Days, ticks since midnight, ticks, or ticks in UTC.</param>
    /// <param name="offsetMinutes">The offset of a TIMESTAMPTZ.</param>
    /// <param name="value">The value.</param>
    public static bool TryGive(SqlType type, long number, int offsetMinutes, out SqlValue value)
    {
        value = default;
        switch (type)
        {
            case SqlType.Date when number >= 0 && number <= DateOnly.MaxValue.DayNumber:
                value = SqlValue.FromDate(DateOnly.FromDayNumber((int)number));
                return true;
            case SqlType.Time when number is >= 0 and < TimeSpan.TicksPerDay:
                value = SqlValue.FromTime(number);
                return true;
            case SqlType.Timestamp when number >= 0 && number <= DateTime.MaxValue.Ticks:
                value = SqlValue.FromTimestamp(new DateTime(number));
                return true;
            case SqlType.TimestampTz when number >= 0 && number <= DateTime.MaxValue.Ticks && offsetMinutes is >= -MaxOffsetMinutes and <= MaxOffsetMinutes:
                var local = number + (offsetMinutes * TimeSpan.TicksPerMinute);
                if (local < 0 || local > DateTime.MaxValue.Ticks)
                {
                    return false;
                }

                value = SqlValue.FromTimestampTz(new DateTimeOffset(local, TimeSpan.FromMinutes(offsetMinutes)));
                return true;
            default:
                return false;
        }
    }
}
