namespace LsmTree.Data.Values;

/// <summary>From one of DATE, TIMESTAMP and TIMESTAMPTZ to another, and to TIME. A moment without zone is in UTC; a zone that is dropped is dropped in UTC.</summary>
internal static class MomentConversion
{
    public static SqlValue Convert(in SqlValue value, SqlType target)
    {
        var ticks = value.AsUtcTicks();
        return target switch
        {
            SqlType.Date => SqlValue.FromDate(DateOnly.FromDayNumber((int)(ticks / TimeSpan.TicksPerDay))),
            SqlType.Timestamp => SqlValue.FromTimestamp(new DateTime(ticks)),
            SqlType.TimestampTz when value.Type == SqlType.TimestampTz => value,
            _ => SqlValue.FromTimestampTz(new DateTimeOffset(ticks, TimeSpan.Zero)),
        };
    }

    public static SqlValue ToTime(in SqlValue value) => SqlValue.FromTime(value.AsUtcTicks() % TimeSpan.TicksPerDay);
}
