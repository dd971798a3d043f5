using System.Text;
using Antlr4.Runtime;
using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Parsing;

/// <summary>Names out of tokens: quotes off, doubled closers single, length checked. The case stays as written; comparing without it is up to the catalogue.</summary>
internal static class Identifiers
{
    public static string Of(ParserRuleContext context, SourceText source)
    {
        var token = context.Start;
        return Checked(token.Type == LsmSqlLexer.QUOTED_IDENTIFIER ? Unquoted(token.Text) : token.Text, token, source);
    }

    public static ColumnName Column(LsmSqlParser.IdentifierContext context, SourceText source) => new(source.PlaceOf(context), Of(context, source));

    public static IReadOnlyList<ColumnName> Columns(LsmSqlParser.ColumnNamesContext? context, SourceText source) =>
        context is null ? [] : [.. context.identifier().Select(identifier => Column(identifier, source))];

    public static TableName Table(LsmSqlParser.TableNameContext context, SourceText source, string? alias = null) =>
        new(source.PlaceOf(context), Of(context.identifier(), source), alias);

    public static TableName Table(LsmSqlParser.TableReferenceContext context, SourceText source) =>
        Table(context.tableName(), source, ((ParserRuleContext?)context.identifier() ?? context.bareLabel()) is { } alias ? Of(alias, source) : null);

    /// <summary>The name itself, when it is neither empty nor too long, and can be written as UTF-8.</summary>
    public static string Checked(string name, IToken token, SourceText source)
    {
        if (name.Length == 0)
        {
            throw source.Error(LsmErrorCode.Syntax, "a name is empty", token);
        }

        if (name.Length > SqlLimits.IdentifierBytes || Encoding.UTF8.GetByteCount(name) > SqlLimits.IdentifierBytes)
        {
            throw source.Error(LsmErrorCode.LimitExceeded, $"a name is longer than {SqlLimits.IdentifierBytes} bytes", token);
        }

        CheckSurrogates(name, token, source);
        return name;
    }

    /// <summary>Half a surrogate pair cannot be stored: it has no UTF-8, and would silently become another character.</summary>
    public static void CheckSurrogates(string text, IToken token, SourceText source)
    {
        if (text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !IsWellFormed(text))
        {
            throw source.Error(LsmErrorCode.Syntax, "half a surrogate pair, which is no character", token, "pass such text as bytes");
        }
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }

    private static string Unquoted(string quoted)
    {
        var closer = quoted[^1].ToString();
        return quoted[1..^1].Replace(closer + closer, closer, StringComparison.Ordinal);
    }
}
