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
    public static LiteralExpression Typed(LsmSqlParser.TypedLiteralContext context, SourceText source)
    {
        var token = context.STRING().Symbol;
        var text = Text(token, source);
        var word = context.identifier().Start;
        var name = word.Text.ToUpperInvariant();
        SqlValue? value = name switch
        {
            "DATE" => TemporalText.Date(text),
            "TIME" => TemporalText.Time(text),
            "TIMESTAMP" or "DATETIME" => TemporalText.Timestamp(text),
            "TIMESTAMPTZ" or "DATETIMEOFFSET" => TemporalText.TimestampTz(text),
            "UUID" or "GUID" => Guid.TryParse(text, CultureInfo.InvariantCulture, out var uuid) ? SqlValue.FromUuid(uuid) : null,
            "INTERVAL" => throw source.Error(LsmErrorCode.NotSupported, "INTERVAL is not supported", word, "compute the moment in the program and pass it as a parameter"),
            _ => throw source.Error(LsmErrorCode.Syntax, $"'{word.Text}' cannot stand in front of a string", word, "DATE, TIME, TIMESTAMP, TIMESTAMPTZ and UUID can; or write CAST"),
        };
        return value is { } known
            ? new LiteralExpression(source.PlaceOf(context), known)
            : throw source.Error(LsmErrorCode.InvalidConversion, $"{token.Text} is not a {name}", token, TemporalText.Shape(name));
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

    private static byte[] Bytes(IToken token, SourceText source)
    {
        var digits = token.Text.AsSpan(2, token.Text.Length - 3);
        var bytes = new byte[digits.Length / 2];
        return Convert.FromHexString(digits, bytes, out _, out _) == System.Buffers.OperationStatus.Done
            ? bytes
            : throw source.Error(LsmErrorCode.Syntax, "X'…' has something else than pairs of hexadecimal digits", token);
    }
}
