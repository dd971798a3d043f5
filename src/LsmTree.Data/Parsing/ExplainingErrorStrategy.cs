using System.Diagnostics.CodeAnalysis;
using Antlr4.Runtime;
using LsmTree.Data.Parsing.Generated;

namespace LsmTree.Data.Parsing;

/// <summary>Turns the first error of a parse into an <see cref="LsmException"/> in the user's words; nothing is repaired or skipped.</summary>
internal sealed class ExplainingErrorStrategy : DefaultErrorStrategy
{
    private readonly SourceText _source;
    private readonly ExpectedWords _expected = new();

    public ExplainingErrorStrategy(SourceText source) => _source = source;

    /// <summary>The error for the refused rule that the parser is about to enter.</summary>
    public LsmException Refusal(Parser parser, int ruleIndex)
    {
        var token = parser.CurrentToken;
        var (subject, hint) = Refusals.Of(ruleIndex, token, parser.TokenStream.LT(-1));
        return _source.Error(LsmErrorCode.NotSupported, $"{subject} is not supported", token, hint);
    }

    /// <summary>Called wherever the grammar has a choice: remembers what would have been right here, should the next token be wrong.</summary>
    public override void Sync(Parser recognizer) => _expected.Visit(recognizer);

    [DoesNotReturn]
    public override void ReportError(Parser recognizer, RecognitionException e) => throw Explain(recognizer, e);

    [DoesNotReturn]
    public override void Recover(Parser recognizer, RecognitionException e) => throw Explain(recognizer, e);

    [DoesNotReturn]
    public override IToken RecoverInline(Parser recognizer) => throw Explain(recognizer, new InputMismatchException(recognizer));

    private LsmException Explain(Parser recognizer, RecognitionException error)
    {
        if (EmptySelectAround(recognizer.Context) is { } select)
        {
            var (subject, hint) = Refusals.Subquery;
            return _source.Error(LsmErrorCode.NotSupported, $"{subject} is not supported", select.Start, hint);
        }

        var token = error.OffendingToken;
        var found = token.Type switch
        {
            TokenConstants.EOF => "the text ends too early",
            LsmSqlLexer.MALFORMED_NUMBER => $"{Quoted(token.Text)} is neither a number nor a name",
            _ => $"unexpected {Quoted(token.Text)}",
        };
        return _source.Error(LsmErrorCode.Syntax, found, token, _expected.Describe(recognizer, error));
    }

    /// <summary>A SELECT in an IN list that is not the empty one that Dapper writes is a sub-query.</summary>
    private static LsmSqlParser.EmptySelectContext? EmptySelectAround(RuleContext? context)
    {
        for (; context is not null; context = context.Parent)
        {
            if (context is LsmSqlParser.EmptySelectContext select)
            {
                return select;
            }
        }

        return null;
    }

    private static string Quoted(string text)
    {
        const int Longest = 40;
        if (text.Length == 1 && (char.IsControl(text[0]) || char.IsSurrogate(text[0])))
        {
            return $"character U+{(int)text[0]:X4}";
        }

        return text.Length <= Longest ? $"'{text}'" : $"'{text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)]}…'";
    }
}
