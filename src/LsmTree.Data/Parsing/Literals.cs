using System.Globalization;
using Antlr4.Runtime;
using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Parsing;

/// <summary>Values out of literals, in the invariant culture.</summary>
/// <remarks>
/// A whole number is the first of INT32, INT64 and DECIMAL that holds it; a sign in front belongs to it, so that <c>-2147483648</c> is an INT32.
/// A number with a point is a DECIMAL, rounded to the digits that one holds; with an exponent it is a DOUBLE.
/// </remarks>
internal static class Literals
{
    public static LiteralExpression Of(LsmSqlParser.LiteralContext context, SourceText source) => new(source.PlaceOf(context), Value(context.Start, source));

    /// <summary>The literal behind a sign, as one value; null when it is not a number.</summary>
    public static LiteralExpression? Signed(IToken sign, LsmSqlParser.LiteralContext context, SourceText source)
    {
        var prefix = sign.Type == LsmSqlLexer.MINUS ? "-" : "";
        return Number(prefix, context.Start, source) is { } value ? new LiteralExpression(source.PlaceOf(sign), value) : null;
    }

    /// <summary><c>DATE '2024-02-29'</c> and the like.</summary>
    public static LiteralExpression Typed(LsmSqlParser.NamedContext context, SourceText source)
    {
        var word = context.Start;
        var name = word.Text.ToUpperInvariant();
        if (name == "INTERVAL")
        {
            throw source.Error(LsmErrorCode.NotSupported, "INTERVAL is not supported", word, "compute the moment in the program and pass it as a parameter");
        }

        if (!SqlTypes.TryFromName(name, out var type) || type is not (SqlType.Uuid or (>= SqlType.Date and <= SqlType.TimestampTz)))
        {
            throw source.Error(LsmErrorCode.Syntax, $"'{word.Text}' cannot stand in front of a string", word, "DATE, TIME, TIMESTAMP, TIMESTAMPTZ and UUID can; or write CAST");
        }

        var token = context.STRING().Symbol;
        try
        {
            return new LiteralExpression(source.PlaceOf(context), ValueParser.Parse(Text(token, source), type));
        }
        catch (LsmException invalid) when (invalid.Line == 0)
        {
            // The parser of values knows what is wrong, and this is where.
            throw source.Error(invalid.Code, invalid.Message, token, Shape(type));
        }
    }

    /// <summary>The text of a string literal.</summary>
    public static string Text(IToken token, SourceText source)
    {
        var text = token.Text[1..^1].Replace("''", "'", StringComparison.Ordinal);
        Identifiers.CheckSurrogates(text, token, source);
        return text;
    }

    private static SqlValue Value(IToken token, SourceText source) => token.Type switch
    {
        LsmSqlLexer.STRING => SqlValue.FromText(Text(token, source)),
        LsmSqlLexer.BLOB => SqlValue.FromBlob(Bytes(token, source)),
        LsmSqlLexer.TRUE => SqlValue.FromBoolean(true),
        LsmSqlLexer.FALSE => SqlValue.FromBoolean(false),
        LsmSqlLexer.NULL => SqlValue.Null,
        _ => Number("", token, source) ?? throw new InvalidOperationException($"'{token.Text}' is not a literal."),
    };

    private static SqlValue? Number(string sign, IToken token, SourceText source)
    {
        switch (token.Type)
        {
            case LsmSqlLexer.INTEGER when int.TryParse(sign + token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var int32):
                return SqlValue.FromInt32(int32);
            case LsmSqlLexer.INTEGER when long.TryParse(sign + token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var int64):
                return SqlValue.FromInt64(int64);
            case LsmSqlLexer.INTEGER or LsmSqlLexer.DECIMAL:
                return decimal.TryParse(sign + token.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                    ? SqlValue.FromDecimal(number)
                    : throw source.Error(LsmErrorCode.OutOfRange, "a number does not fit a DECIMAL", token, "write it with an exponent for a DOUBLE");
            case LsmSqlLexer.FLOAT:
                return double.TryParse(sign + token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
                    ? SqlValue.FromDouble(real)
                    : throw source.Error(LsmErrorCode.OutOfRange, "a number does not fit a DOUBLE", token);
            default:
                return null;
        }
    }

    /// <summary>What a literal of a type looks like.</summary>
    private static string Shape(SqlType type) => type switch
    {
        SqlType.Date => "write DATE '2024-02-29'",
        SqlType.Time => "write TIME '23:59:59.1234567'",
        SqlType.Timestamp => "write TIMESTAMP '2024-02-29 23:59:59.1234567'",
        SqlType.TimestampTz => "write TIMESTAMPTZ '2024-02-29 23:59:59.1234567+02:00'",
        _ => "write UUID '00112233-4455-6677-8899-aabbccddeeff'",
    };

    private static byte[] Bytes(IToken token, SourceText source)
    {
        var digits = token.Text.AsSpan(2, token.Text.Length - 3);
        var bytes = new byte[digits.Length / 2];
        return Convert.FromHexString(digits, bytes, out _, out _) == System.Buffers.OperationStatus.Done
            ? bytes
            : throw source.Error(LsmErrorCode.Syntax, "X'…' has something else than pairs of hexadecimal digits", token);
    }
}
