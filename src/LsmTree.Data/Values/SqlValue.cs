using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace LsmTree.Data.Values;

/// <summary>One value of the dialect, without boxing: a type, sixteen bytes, and a reference for text and blobs.</summary>
/// <remarks>
/// <para>Numbers, dates and GUIDs live in the two words. TEXT is a <see cref="string"/>, or a slice of UTF-8 bytes in somebody's buffer; BLOB is a
/// slice of bytes. A slice that comes from a row is valid until its source moves; <see cref="ToOwned"/> makes it safe to keep.</para>
/// <para>Words by type — integers, BOOLEAN: the value in <c>_low</c> (UINT64 as its bits); REAL and DOUBLE: the bits of the double;
/// DECIMAL, MONEY: the sixteen bytes of the <see cref="decimal"/>; UUID: the sixteen bytes of the <see cref="Guid"/> as .NET lays it out;
/// DATE: the day number of <see cref="DateOnly"/>; TIME: ticks of the day; TIMESTAMP: ticks; TIMESTAMPTZ: local ticks, and the offset in minutes
/// in <c>_high</c>; slices: offset in <c>_low</c>, length in <c>_high</c>.</para>
/// </remarks>
internal readonly struct SqlValue
{
    private readonly object? _reference;
    private readonly long _low;
    private readonly long _high;
    private readonly SqlType _type;

    private SqlValue(SqlType type, long low, long high = 0, object? reference = null)
    {
        _type = type;
        _low = low;
        _high = high;
        _reference = reference;
    }

    /// <summary>NULL; the default of this struct.</summary>
    public static SqlValue Null => default;

    public SqlType Type => _type;

    public bool IsNull => _type == SqlType.Null;

    public static SqlValue FromBoolean(bool value) => new(SqlType.Boolean, value ? 1 : 0);

    public static SqlValue FromInt64(long value) => new(SqlType.Int64, value);

    public static SqlValue FromInt32(int value) => new(SqlType.Int32, value);

    /// <summary>A value of any of the eight integer types; the caller has checked the range. UINT64 passes its bits.</summary>
    public static SqlValue FromInteger(SqlType type, long bits) => new(type, bits);

    public static SqlValue FromReal(float value) => new(SqlType.Real, BitConverter.DoubleToInt64Bits(value));

    public static SqlValue FromDouble(double value) => new(SqlType.Double, BitConverter.DoubleToInt64Bits(value));

    public static SqlValue FromDecimal(decimal value) => FromSixteen(SqlType.Decimal, value);

    public static SqlValue FromMoney(decimal value) => FromSixteen(SqlType.Money, value);

    public static SqlValue FromUuid(Guid value) => FromSixteen(SqlType.Uuid, value);

    public static SqlValue FromDate(DateOnly value) => new(SqlType.Date, value.DayNumber);

    /// <param name="ticks">Ticks since midnight, 0 to 863,999,999,999.</param>
    public static SqlValue FromTime(long ticks) => new(SqlType.Time, ticks);

    public static SqlValue FromTimestamp(DateTime value) => new(SqlType.Timestamp, value.Ticks);

    public static SqlValue FromTimestampTz(DateTimeOffset value) => new(SqlType.TimestampTz, value.Ticks, (long)value.Offset.TotalMinutes);

    public static SqlValue FromText(string value) => new(SqlType.Text, 0, 0, value);

    /// <summary>Text as UTF-8 in a buffer that the caller keeps unchanged for as long as the value is used.</summary>
    public static SqlValue FromUtf8(byte[] buffer, int offset, int length) => new(SqlType.Text, offset, length, buffer);

    public static SqlValue FromBlob(byte[] value) => new(SqlType.Blob, 0, value.Length, value);

    /// <summary>Bytes in a buffer that the caller keeps unchanged for as long as the value is used.</summary>
    public static SqlValue FromBlob(byte[] buffer, int offset, int length) => new(SqlType.Blob, offset, length, buffer);

    public bool AsBoolean() => _low != 0;

    /// <summary>The value of an integer type other than UINT64, or the bits of a UINT64.</summary>
    public long AsInt64() => _low;

    public ulong AsUInt64() => (ulong)_low;

    public float AsReal() => (float)BitConverter.Int64BitsToDouble(_low);

    /// <summary>The value of a REAL or DOUBLE.</summary>
    public double AsDouble() => BitConverter.Int64BitsToDouble(_low);

    /// <summary>The value of a DECIMAL or MONEY.</summary>
    public decimal AsDecimal() => ToSixteen<decimal>();

    public Guid AsUuid() => ToSixteen<Guid>();

    public DateOnly AsDate() => DateOnly.FromDayNumber((int)_low);

    public long AsTimeTicks() => _low;

    public DateTime AsTimestamp() => new(_low, DateTimeKind.Unspecified);

    public DateTimeOffset AsTimestampTz() => new(_low, TimeSpan.FromMinutes(_high));

    /// <summary>The minutes by which a TIMESTAMPTZ is ahead of UTC.</summary>
    public int AsOffsetMinutes() => (int)_high;

    /// <summary>The ticks in UTC of a DATE (its midnight), TIMESTAMP or TIMESTAMPTZ; a moment without zone is taken as UTC.</summary>
    public long AsUtcTicks() => _type switch
    {
        SqlType.Date => _low * TimeSpan.TicksPerDay,
        SqlType.TimestampTz => _low - (_high * TimeSpan.TicksPerMinute),
        _ => _low,
    };

    /// <summary>The value of a TEXT as a string.</summary>
    public string AsString() => _reference as string ?? Decode(SliceSpan());

    /// <summary>True when a TEXT is held as UTF-8, so that <see cref="AsSpan"/> gives its bytes.</summary>
    public bool IsUtf8 => _type == SqlType.Text && _reference is byte[];

    /// <summary>The bytes of a BLOB, or of a TEXT held as UTF-8.</summary>
    public ReadOnlySpan<byte> AsSpan() => SliceSpan();

    /// <summary>The same bytes as <see cref="AsSpan"/>.</summary>
    public ReadOnlyMemory<byte> AsMemory() => new((byte[])_reference!, (int)_low, (int)_high);

    /// <summary>The same slice of bytes as a BLOB; for a TEXT held as UTF-8.</summary>
    public SqlValue SliceAsBlob() => new(SqlType.Blob, _low, _high, (byte[])_reference!);

    /// <summary>The same slice of bytes as a TEXT; for a BLOB whose bytes are UTF-8.</summary>
    public SqlValue SliceAsText() => new(SqlType.Text, _low, _high, (byte[])_reference!);

    /// <summary>A value that stays valid when its source moves: slices are copied, everything else is already its own.</summary>
    public SqlValue ToOwned() => _reference is byte[] ? new SqlValue(_type, 0, _high, SliceSpan().ToArray()) : this;

    /// <summary>UTF-8 to UTF-16. Most text is ASCII, which needs no count of its characters first.</summary>
    private static string Decode(ReadOnlySpan<byte> utf8) => Ascii.IsValid(utf8) ? Encoding.Latin1.GetString(utf8) : Encoding.UTF8.GetString(utf8);

    private ReadOnlySpan<byte> SliceSpan() => ((byte[])_reference!).AsSpan((int)_low, (int)_high);

    private static SqlValue FromSixteen<T>(SqlType type, T value) where T : unmanaged
    {
        Span<long> words = stackalloc long[2];
        MemoryMarshal.Write(MemoryMarshal.AsBytes(words), in value);
        return new SqlValue(type, words[0], words[1]);
    }

    private T ToSixteen<T>() where T : unmanaged
    {
        ReadOnlySpan<long> words = [_low, _high];
        return Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetReference(MemoryMarshal.AsBytes(words)));
    }
}
