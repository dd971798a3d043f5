namespace LsmTree.Data;

/// <summary>The getters of <see cref="LsmDataReader"/> that other readers lack, by the name of the column. The base library has the rest (DataReaderExtensions).</summary>
public static class LsmDataReaderExtensions
{
    /// <summary>The value of a TIMESTAMPTZ, with its offset.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="name">The column, as <see cref="LsmDataReader.GetOrdinal"/> finds it.</param>
    public static DateTimeOffset GetDateTimeOffset(this LsmDataReader reader, string name) => Of(reader).GetDateTimeOffset(reader.GetOrdinal(name));

    /// <summary>The value of a DATE, or of a TIMESTAMP at midnight.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="name">The column, as <see cref="LsmDataReader.GetOrdinal"/> finds it.</param>
    public static DateOnly GetDateOnly(this LsmDataReader reader, string name) => Of(reader).GetDateOnly(reader.GetOrdinal(name));

    /// <summary>The value of a TIME.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="name">The column, as <see cref="LsmDataReader.GetOrdinal"/> finds it.</param>
    public static TimeOnly GetTimeOnly(this LsmDataReader reader, string name) => Of(reader).GetTimeOnly(reader.GetOrdinal(name));

    /// <summary>The value of a TIME, as the time since midnight.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="name">The column, as <see cref="LsmDataReader.GetOrdinal"/> finds it.</param>
    public static TimeSpan GetTimeSpan(this LsmDataReader reader, string name) => Of(reader).GetTimeSpan(reader.GetOrdinal(name));

    /// <summary>The value of an integer, in the range of <see cref="sbyte"/>.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="name">The column, as <see cref="LsmDataReader.GetOrdinal"/> finds it.</param>
    public static sbyte GetSByte(this LsmDataReader reader, string name) => Of(reader).GetSByte(reader.GetOrdinal(name));

    /// <summary>The value of an integer, in the range of <see cref="ushort"/>.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="name">The column, as <see cref="LsmDataReader.GetOrdinal"/> finds it.</param>
    public static ushort GetUInt16(this LsmDataReader reader, string name) => Of(reader).GetUInt16(reader.GetOrdinal(name));

    /// <summary>The value of an integer, in the range of <see cref="uint"/>.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="name">The column, as <see cref="LsmDataReader.GetOrdinal"/> finds it.</param>
    public static uint GetUInt32(this LsmDataReader reader, string name) => Of(reader).GetUInt32(reader.GetOrdinal(name));

    /// <summary>The value of an integer, in the range of <see cref="ulong"/>.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="name">The column, as <see cref="LsmDataReader.GetOrdinal"/> finds it.</param>
    public static ulong GetUInt64(this LsmDataReader reader, string name) => Of(reader).GetUInt64(reader.GetOrdinal(name));

    private static LsmDataReader Of(LsmDataReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return reader;
    }
}
