using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Misc;
using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Parsing;

/// <summary>From text to syntax. The only way into the generated parser.</summary>
/// <remarks>
/// <para>The text becomes tokens; one pass over them refuses what is never closed and what is nested too deeply, before anything recurses.
/// Then the parser predicts with SLL, which is fast and nearly always right, and gives up at the first doubt; only then does it
/// start again with full LL, which is always right and explains what is wrong. A walk over the parse tree makes the syntax.</para>
/// <para>Lexer and parser are made anew for every text: they cost about a microsecond. What is dear, the predictions learned so far, is shared
/// by all (<see cref="PredictionCache"/>).</para>
/// </remarks>
internal static class SqlParser
{
    /// <summary>Parses a whole command text. Thread-safe.</summary>
    /// <param name="text">The text, at most 1,048,576 UTF-16 units.</param>
    /// <returns>The statements; none for an empty or comment-only text.</returns>
    /// <exception cref="LsmException">Syntax, LimitExceeded, NotSupported, or what is wrong with a literal or a declaration; with line and column.</exception>
    public static Script Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > SqlLimits.TextLength)
        {
            throw new LsmException(LsmErrorCode.LimitExceeded, $"the text has {text.Length:N0} characters, and {SqlLimits.TextLength:N0} is the most", hint: "pass large values as parameters, or send several texts");
        }

        var source = new SourceText(text);
        var tokens = Tokenize(source);
        TokenCheck.Run(tokens.GetTokens(), source);
        return new ScriptBuilder(source).Build(ParseTree(tokens, source));
    }

    private static CommonTokenStream Tokenize(SourceText source)
    {
        var lexer = new LsmSqlLexer(new CharacterStream(source.Text));
        lexer.RemoveErrorListeners();
        var tokens = new CommonTokenStream(lexer);
        tokens.Fill();
        return tokens;
    }

    private static LsmSqlParser.ScriptContext ParseTree(CommonTokenStream tokens, SourceText source)
    {
        var cache = PredictionCache.Current;
        try
        {
            return ParserFor(tokens, cache, PredictionMode.SLL, new BailErrorStrategy()).script();
        }
        catch (ParseCanceledException)
        {
            tokens.Seek(0);
            return ParserFor(tokens, cache, PredictionMode.LL, new ExplainingErrorStrategy(source)).script();
        }
        finally
        {
            cache.ReplaceWhenLargerThan(PredictionCache.MaxStates);
        }
    }

    private static LsmSqlParser ParserFor(CommonTokenStream tokens, PredictionCache cache, PredictionMode mode, IAntlrErrorStrategy errorStrategy)
    {
        var parser = new LsmSqlParser(tokens) { ErrorHandler = errorStrategy };
        parser.RemoveErrorListeners();
        parser.PredictWith(cache, mode);
        return parser;
    }
}
