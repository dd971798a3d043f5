using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>From a CLR value to the dialect's without boxing. The tests are constants for the JIT: what remains of each instance is one line.</summary>
internal static class TypedValues
{
    /// <summary>The DbType of a value's CLR type; String for null and for what has none.</summary>
    public static DbType DbTypeOf(object? value) => value switch
    {
        byte[] or Memory<byte> or ReadOnlyMemory<byte> or ArraySegment<byte> or Stream => DbType.Binary,
        Enum typed => DbTypeOf(Convert.ChangeType(typed, typed.GetTypeCode(), CultureInfo.InvariantCulture)),
        bool => DbType.Boolean,
        byte => DbType.Byte,
        sbyte => DbType.SByte,
        short => DbType.Int16,
        ushort => DbType.UInt16,
        int => DbType.Int32,
        uint => DbType.UInt32,
        long => DbType.Int64,
        ulong => DbType.UInt64,
        float => DbType.Single,
        double => DbType.Double,
        decimal => DbType.Decimal,
        Guid => DbType.Guid,
        DateOnly => DbType.Date,
        TimeOnly or TimeSpan => DbType.Time,
        DateTime => DbType.DateTime,
        DateTimeOffset => DbType.DateTimeOffset,
        _ => DbType.String,
    };

    /// <summary>False for a type that has to take the way through <see cref="object"/>: text, binary data, enums, what is unknown.</summary>
    public static bool TryFrom<T>(T? clr, out SqlValue value)
    {
        if (typeof(T) == typeof(int))
        {
            value = SqlValue.FromInt32(Unsafe.As<T, int>(ref clr!));
        }
        else if (typeof(T) == typeof(long))
        {
            value = SqlValue.FromInt64(Unsafe.As<T, long>(ref clr!));
        }
        else if (typeof(T) == typeof(bool))
        {
            value = SqlValue.FromBoolean(Unsafe.As<T, bool>(ref clr!));
        }
        else if (typeof(T) == typeof(byte))
        {
            value = SqlValue.FromInteger(SqlType.UInt8, Unsafe.As<T, byte>(ref clr!));
        }
        else if (typeof(T) == typeof(sbyte))
        {
            value = SqlValue.FromInteger(SqlType.Int8, Unsafe.As<T, sbyte>(ref clr!));
        }
        else if (typeof(T) == typeof(short))
        {
            value = SqlValue.FromInteger(SqlType.Int16, Unsafe.As<T, short>(ref clr!));
        }
        else if (typeof(T) == typeof(ushort))
        {
            value = SqlValue.FromInteger(SqlType.UInt16, Unsafe.As<T, ushort>(ref clr!));
        }
        else if (typeof(T) == typeof(uint))
        {
            value = SqlValue.FromInteger(SqlType.UInt32, Unsafe.As<T, uint>(ref clr!));
        }
        else if (typeof(T) == typeof(ulong))
        {
            value = SqlValue.FromInteger(SqlType.UInt64, (long)Unsafe.As<T, ulong>(ref clr!));
        }
        else if (typeof(T) == typeof(float))
        {
            value = SqlValue.FromReal(Unsafe.As<T, float>(ref clr!));
        }
        else if (typeof(T) == typeof(double))
        {
            value = SqlValue.FromDouble(Unsafe.As<T, double>(ref clr!));
        }
        else if (typeof(T) == typeof(decimal))
        {
            value = SqlValue.FromDecimal(Unsafe.As<T, decimal>(ref clr!));
        }
        else if (typeof(T) == typeof(Guid))
        {
            value = SqlValue.FromUuid(Unsafe.As<T, Guid>(ref clr!));
        }
        else if (typeof(T) == typeof(DateOnly))
        {
            value = SqlValue.FromDate(Unsafe.As<T, DateOnly>(ref clr!));
        }
        else if (typeof(T) == typeof(TimeOnly))
        {
            value = SqlValue.FromTime(Unsafe.As<T, TimeOnly>(ref clr!).Ticks);
        }
        else if (typeof(T) == typeof(DateTime))
        {
            value = SqlValue.FromTimestamp(Unsafe.As<T, DateTime>(ref clr!));
        }
        else
        {
            value = SqlValue.Null;
            return false;
        }

        return true;
    }
}
