using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace LsmTree.Data.Values;

/// <summary>The operators <c>+ - * / %</c>, unary minus and <c>||</c>. NULL in, NULL out; nothing wraps and nothing becomes infinite.</summary>
/// <remarks>
/// <para>As in PostgreSQL, an operation happens in the type where its operands meet (<see cref="SqlTypes.CommonNumber"/>) and has that type: SMALLINT
/// plus SMALLINT is a SMALLINT, and may be out of range. Integer division drops the fraction, and the remainder has the sign of the dividend.</para>
/// <para>MONEY: money ± money is MONEY, money times or divided by a number is MONEY, money / money is DOUBLE. DATE ± integer is a DATE that many days
/// away, DATE - DATE is INTEGER days. Extensions: <c>%</c> on REAL and DOUBLE; a remainder of MONEY.</para>
/// </remarks>
internal static class Arithmetic
{
    private const int MaxConcatenation = 256 << 20; // 256 MiB: the result of || in bytes, or in UTF-16 units

    public static SqlValue Add(in SqlValue left, in SqlValue right) => Apply(ArithmeticOperator.Add, left, right);

    public static SqlValue Subtract(in SqlValue left, in SqlValue right) => Apply(ArithmeticOperator.Subtract, left, right);

    public static SqlValue Multiply(in SqlValue left, in SqlValue right) => Apply(ArithmeticOperator.Multiply, left, right);

    public static SqlValue Divide(in SqlValue left, in SqlValue right) => Apply(ArithmeticOperator.Divide, left, right);

    public static SqlValue Modulo(in SqlValue left, in SqlValue right) => Apply(ArithmeticOperator.Modulo, left, right);

    /// <summary>The type of the result; <see cref="SqlType.Any"/> or <see cref="SqlType.Null"/> when an operand's type is not known before it has a value.</summary>
    /// <exception cref="LsmException">DatatypeMismatch: the types have no such operator.</exception>
    public static SqlType ResultType(ArithmeticOperator operation, SqlType left, SqlType right)
    {
        if (left == SqlType.Any || right == SqlType.Any)
        {
            return SqlType.Any;
        }

        if (left == SqlType.Null || right == SqlType.Null)
        {
            return left == SqlType.Null ? right : left;
        }

        if (SqlTypes.IsNumeric(left) && SqlTypes.IsNumeric(right))
        {
            return left == SqlType.Money || right == SqlType.Money ? ResultOfMoney(operation, left, right) : SqlTypes.CommonNumber(left, right);
        }

        return (operation, left, right) switch
        {
            (ArithmeticOperator.Add or ArithmeticOperator.Subtract, SqlType.Date, _) when SqlTypes.IsInteger(right) => SqlType.Date,
            (ArithmeticOperator.Add, _, SqlType.Date) when SqlTypes.IsInteger(left) => SqlType.Date,
            (ArithmeticOperator.Subtract, SqlType.Date, SqlType.Date) => SqlType.Int32,
            _ => ThrowMismatch(operation, left, right),
        };
    }

    /// <summary>Computes one operation.</summary>
    /// <exception cref="LsmException">DatatypeMismatch, OutOfRange, DivisionByZero.</exception>
    public static SqlValue Apply(ArithmeticOperator operation, in SqlValue left, in SqlValue right)
    {
        if (left.IsNull || right.IsNull)
        {
            return SqlValue.Null;
        }

        var result = ResultType(operation, left.Type, right.Type);
        if (left.Type == SqlType.Date || right.Type == SqlType.Date)
        {
            return OnDates(operation, left, right, result);
        }

        try
        {
            return result switch
            {
                SqlType.Real or SqlType.Double => OnDoubles(operation, left, right, result),
                SqlType.Decimal => SqlValue.FromDecimal(OnDecimals(operation, NumberOrder.ToDecimal(left), NumberOrder.ToDecimal(right))),
                SqlType.Money => OnMoney(operation, left, right),
                SqlType.UInt64 => SqlValue.FromInteger(result, (long)OnUnsigned(operation, left.AsUInt64(), right.AsUInt64())),
                _ => OnIntegers(operation, left.AsInt64(), right.AsInt64(), result),
            };
        }
        catch (OverflowException)
        {
            return ThrowRange(result);
        }
    }

    /// <summary>The type of <c>-value</c>: the value's own, or for the unsigned the signed type that holds the result.</summary>
    /// <exception cref="LsmException">DatatypeMismatch: not a number.</exception>
    public static SqlType NegatedType(SqlType type) => type switch
    {
        SqlType.UInt8 => SqlType.Int16,
        SqlType.UInt16 => SqlType.Int32,
        SqlType.UInt32 => SqlType.Int64,
        SqlType.UInt64 => SqlType.Decimal,
        SqlType.Null or SqlType.Any => type,
        _ when SqlTypes.IsNumeric(type) => type,
        _ => throw new LsmException(LsmErrorCode.DatatypeMismatch, $"There is no operator - {SqlTypes.NameOf(type)}"),
    };

    /// <summary><c>-value</c>.</summary>
    /// <exception cref="LsmException">DatatypeMismatch, OutOfRange.</exception>
    public static SqlValue Negate(in SqlValue value)
    {
        var type = NegatedType(value.Type);
        return type switch
        {
            SqlType.Null => value,
            SqlType.Real => SqlValue.FromReal(-value.AsReal()),
            SqlType.Double => SqlValue.FromDouble(-value.AsDouble()),
            SqlType.Decimal => SqlValue.FromDecimal(-NumberOrder.ToDecimal(value)),
            SqlType.Money => Apply(ArithmeticOperator.Subtract, SqlValue.FromMoney(0), value),
            _ => value.AsInt64() == long.MinValue ? ThrowRange(type) : OnIntegers(ArithmeticOperator.Subtract, 0, value.AsInt64(), type),
        };
    }

    /// <summary>The type of <c>left || right</c>: BLOB for two BLOBs, else TEXT.</summary>
    /// <exception cref="LsmException">DatatypeMismatch: neither is TEXT, or one is TEXT and one BLOB.</exception>
    public static SqlType ConcatenatedType(SqlType left, SqlType right) => (left, right) switch
    {
        (SqlType.Any, _) or (_, SqlType.Any) => SqlType.Any,
        (SqlType.Blob, SqlType.Blob or SqlType.Null) or (SqlType.Null, SqlType.Blob) => SqlType.Blob,
        (SqlType.Blob, _) or (_, SqlType.Blob) => ThrowConcatenation(left, right),
        (SqlType.Text or SqlType.Null, _) or (_, SqlType.Text or SqlType.Null) => SqlType.Text,
        _ => ThrowConcatenation(left, right),
    };

    /// <summary><c>left || right</c>: bytes after bytes, or text after text, where what is not TEXT is written as by CAST.</summary>
    /// <exception cref="LsmException">DatatypeMismatch; LimitExceeded beyond 256 MiB.</exception>
    public static SqlValue Concatenate(in SqlValue left, in SqlValue right)
    {
        if (left.IsNull || right.IsNull)
        {
            return SqlValue.Null;
        }

        if (ConcatenatedType(left.Type, right.Type) == SqlType.Blob)
        {
            CheckLength((long)left.AsSpan().Length + right.AsSpan().Length);
            byte[] bytes = [.. left.AsSpan(), .. right.AsSpan()];
            return SqlValue.FromBlob(bytes);
        }

        var head = ValueFormat.ToText(left);
        var tail = ValueFormat.ToText(right);
        CheckLength((long)head.Length + tail.Length);
        return SqlValue.FromText(head + tail);
    }

    private static SqlType ResultOfMoney(ArithmeticOperator operation, SqlType left, SqlType right) => operation switch
    {
        _ when left == right => operation switch
        {
            ArithmeticOperator.Divide => SqlType.Double,
            ArithmeticOperator.Multiply => SqlType.Decimal,
            _ => SqlType.Money,
        },
        ArithmeticOperator.Multiply => SqlType.Money,
        ArithmeticOperator.Divide when left == SqlType.Money => SqlType.Money,
        _ => SqlTypes.CommonNumber(left, right),
    };

    private static SqlValue OnIntegers(ArithmeticOperator operation, long left, long right, SqlType type)
    {
        var result = operation switch
        {
            ArithmeticOperator.Add => checked(left + right),
            ArithmeticOperator.Subtract => checked(left - right),
            ArithmeticOperator.Multiply => checked(left * right),
            ArithmeticOperator.Divide => checked(left / NonZero(right)),
            // The least BIGINT % -1 traps in hardware although the remainder is plainly 0.
            _ => NonZero(right) == -1 ? 0 : left % right,
        };
        var (least, greatest) = NumberConversion.RangeOf(type);
        return result >= least && result <= greatest ? SqlValue.FromInteger(type, result) : ThrowRange(type);
    }

    private static ulong OnUnsigned(ArithmeticOperator operation, ulong left, ulong right) => operation switch
    {
        ArithmeticOperator.Add => checked(left + right),
        ArithmeticOperator.Subtract => checked(left - right),
        ArithmeticOperator.Multiply => checked(left * right),
        _ when right == 0 => ThrowDivision(),
        ArithmeticOperator.Divide => left / right,
        _ => left % right,
    };

    private static decimal OnDecimals(ArithmeticOperator operation, decimal left, decimal right) => operation switch
    {
        ArithmeticOperator.Add => left + right,
        ArithmeticOperator.Subtract => left - right,
        ArithmeticOperator.Multiply => left * right,
        _ when right == 0 => ThrowDivision(),
        ArithmeticOperator.Divide => left / right,
        _ => left % right,
    };

    private static SqlValue OnMoney(ArithmeticOperator operation, in SqlValue left, in SqlValue right)
    {
        // PostgreSQL multiplies MONEY by a floating number in floating arithmetic; fifteen digits hold every amount that has them.
        var leftNumber = NumberConversion.Convert(left, SqlType.Decimal, 0, 0).AsDecimal();
        var rightNumber = NumberConversion.Convert(right, SqlType.Decimal, 0, 0).AsDecimal();
        return NumberConversion.Convert(SqlValue.FromDecimal(OnDecimals(operation, leftNumber, rightNumber)), SqlType.Money, 0, 0);
    }

    private static SqlValue OnDoubles(ArithmeticOperator operation, in SqlValue left, in SqlValue right, SqlType type)
    {
        var leftNumber = NumberConversion.ToDouble(left);
        var rightNumber = NumberConversion.ToDouble(right);
        var result = operation switch
        {
            ArithmeticOperator.Add => leftNumber + rightNumber,
            ArithmeticOperator.Subtract => leftNumber - rightNumber,
            ArithmeticOperator.Multiply => leftNumber * rightNumber,
            _ when rightNumber == 0 => ThrowDivision(),
            ArithmeticOperator.Divide => leftNumber / rightNumber,
            _ => leftNumber % rightNumber,
        };
        if (type == SqlType.Real)
        {
            result = (float)result;
        }

        if (double.IsInfinity(result) && double.IsFinite(leftNumber) && double.IsFinite(rightNumber))
        {
            return ThrowRange(type);
        }

        return type == SqlType.Real ? SqlValue.FromReal((float)result) : SqlValue.FromDouble(result);
    }

    private static SqlValue OnDates(ArithmeticOperator operation, in SqlValue left, in SqlValue right, SqlType type)
    {
        if (type == SqlType.Int32)
        {
            return SqlValue.FromInt32(left.AsDate().DayNumber - right.AsDate().DayNumber);
        }

        var (date, days) = left.Type == SqlType.Date ? (left, right) : (right, left);
        var step = NumberOrder.ToDecimal(days);
        var day = date.AsDate().DayNumber + (operation == ArithmeticOperator.Add ? step : -step);
        return day >= 0 && day <= DateOnly.MaxValue.DayNumber ? SqlValue.FromDate(DateOnly.FromDayNumber((int)day)) : ThrowRange(type);
    }

    private static long NonZero(long divisor) => divisor != 0 ? divisor : ThrowDivision();

    private static void CheckLength(long length)
    {
        if (length > MaxConcatenation)
        {
            throw new LsmException(LsmErrorCode.LimitExceeded, "The result of || is longer than 256 MiB");
        }
    }

    [DoesNotReturn]
    private static byte ThrowDivision() => throw new LsmException(LsmErrorCode.DivisionByZero, "Division by zero");

    [DoesNotReturn]
    private static SqlValue ThrowRange(SqlType type) => throw new LsmException(LsmErrorCode.OutOfRange, $"The result is out of range for {SqlTypes.NameOf(type)}");

    [DoesNotReturn]
    private static SqlType ThrowMismatch(ArithmeticOperator operation, SqlType left, SqlType right)
    {
        var sign = operation switch
        {
            ArithmeticOperator.Add => '+',
            ArithmeticOperator.Subtract => '-',
            ArithmeticOperator.Multiply => '*',
            ArithmeticOperator.Divide => '/',
            ArithmeticOperator.Modulo => '%',
            _ => throw new UnreachableException(),
        };
        throw new LsmException(LsmErrorCode.DatatypeMismatch, $"There is no operator {SqlTypes.NameOf(left)} {sign} {SqlTypes.NameOf(right)}");
    }

    [DoesNotReturn]
    private static SqlType ThrowConcatenation(SqlType left, SqlType right) =>
        throw new LsmException(LsmErrorCode.DatatypeMismatch, $"There is no operator {SqlTypes.NameOf(left)} || {SqlTypes.NameOf(right)}");
}
