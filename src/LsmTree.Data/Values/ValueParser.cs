using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LsmTree.Data.Values;

/// <summary>A value from text, in PostgreSQL's formats and whatever the culture. White space around it is ignored.</summary>
internal static class ValueParser
{
    private const int LongestQuote = 40; // characters of a refused text that an error message repeats

    private const NumberStyles FloatingStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a value of any type but TEXT, BLOB and ANY.</summary>
    /// <exception cref="LsmException">InvalidConversion: no such value. OutOfRange: a number that the type cannot hold.</exception>
    public static SqlValue Parse(string text, SqlType target)
    {
        var trimmed = text.AsSpan().Trim();
        return target switch
        {
            SqlType.Boolean => ParseBoolean(trimmed),
            SqlType.Real or SqlType.Double => ParseFloating(trimmed, target),
            SqlType.Decimal or SqlType.Money => NumberConversion.Convert(ParseDecimal(trimmed, target), target, 0, 0),
            SqlType.Date => MomentParser.TryParseDate(trimmed, out var date) ? SqlValue.FromDate(date) : ThrowInvalid(trimmed, target),
            SqlType.Time => MomentParser.TryParseTime(trimmed, out var ticks) ? SqlValue.FromTime(ticks) : ThrowInvalid(trimmed, target),
            SqlType.Timestamp => MomentParser.TryParseTimestamp(trimmed, out var moment) ? SqlValue.FromTimestamp(moment) : ThrowInvalid(trimmed, target),
            SqlType.TimestampTz => MomentParser.TryParseTimestampTz(trimmed, out var instant) ? SqlValue.FromTimestampTz(instant) : ThrowInvalid(trimmed, target),
            SqlType.Uuid => Guid.TryParse(trimmed, CultureInfo.InvariantCulture, out var uuid) ? SqlValue.FromUuid(uuid) : ThrowInvalid(trimmed, target),
            _ => ParseInteger(trimmed, target),
        };
    }

    private static SqlValue ParseBoolean(ReadOnlySpan<char> text)
    {
        if (IsOneOf(text, "true", "t", "yes", "y", "on", "1"))
        {
            return SqlValue.FromBoolean(true);
        }

        return IsOneOf(text, "false", "f", "no", "n", "off", "0") ? SqlValue.FromBoolean(false) : ThrowInvalid(text, SqlType.Boolean);
    }

    private static bool IsOneOf(ReadOnlySpan<char> text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static SqlValue ParseInteger(ReadOnlySpan<char> text, SqlType target)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return NumberConversion.Convert(SqlValue.FromInt64(number), target, 0, 0);
        }

        if (ulong.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large))
        {
            return NumberConversion.Convert(SqlValue.FromInteger(SqlType.UInt64, (long)large), target, 0, 0);
        }

        var digits = text.TrimStart("+-");
        return digits.Length > 0 && digits.Length >= text.Length - 1 && !digits.ContainsAnyExceptInRange('0', '9')
            ? ThrowRange(text, target)
            : ThrowInvalid(text, target);
    }

    private static SqlValue ParseFloating(ReadOnlySpan<char> text, SqlType target)
    {
        if (!TryParseDouble(text, out var number))
        {
            return ThrowInvalid(text, target);
        }

        // "1e999" is beyond a double; only the word means infinity.
        if (double.IsInfinity(number) && text.ContainsAnyInRange('0', '9'))
        {
            return ThrowRange(text, target);
        }

        if (target == SqlType.Double)
        {
            return SqlValue.FromDouble(number);
        }

        // Digits are read as a float at once: by way of the double, a text close to the middle of two floats would be rounded twice.
        var single = double.IsFinite(number) ? float.Parse(text, FloatingStyle, CultureInfo.InvariantCulture) : (float)number;
        return float.IsInfinity(single) && double.IsFinite(number) ? ThrowRange(text, target) : SqlValue.FromReal(single);
    }

    private static bool TryParseDouble(ReadOnlySpan<char> text, out double number)
    {
        if (IsOneOf(text, "infinity", "+infinity", "inf", "+inf"))
        {
            number = double.PositiveInfinity;
            return true;
        }

        if (IsOneOf(text, "-infinity", "-inf"))
        {
            number = double.NegativeInfinity;
            return true;
        }

        return double.TryParse(text, FloatingStyle, CultureInfo.InvariantCulture, out number);
    }

    private static SqlValue ParseDecimal(ReadOnlySpan<char> text, SqlType target)
    {
        if (decimal.TryParse(text, FloatingStyle, CultureInfo.InvariantCulture, out var number))
        {
            return SqlValue.FromDecimal(number);
        }

        // A number all the same, only too large? A double reads the same syntax and has no such limit.
        return double.TryParse(text, FloatingStyle, CultureInfo.InvariantCulture, out var wide) && !double.IsNaN(wide) && text.ContainsAnyInRange('0', '9')
            ? ThrowRange(text, target)
            : ThrowInvalid(text, target);
    }

    [DoesNotReturn]
    private static SqlValue ThrowInvalid(ReadOnlySpan<char> text, SqlType target) =>
        throw new LsmException(LsmErrorCode.InvalidConversion, $"'{Quote(text)}' is not a {SqlTypes.NameOf(target)}");

    [DoesNotReturn]
    private static SqlValue ThrowRange(ReadOnlySpan<char> text, SqlType target) =>
        throw new LsmException(LsmErrorCode.OutOfRange, $"{Quote(text)} is out of range for {SqlTypes.NameOf(target)}");

    private static string Quote(ReadOnlySpan<char> text) => text.Length <= LongestQuote ? text.ToString() : $"{text[..LongestQuote]}…";
}
