using Antlr4.Runtime;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Parsing;

/// <summary>A command text, and where in it things stand. Lines end with a line feed; columns count UTF-16 units from 1.</summary>
internal sealed class SourceText
{
    private readonly List<int> _lineStarts = [0];

    public SourceText(string text)
    {
        Text = text;
        for (var at = text.IndexOf('\n'); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            _lineStarts.Add(at + 1);
        }
    }

    public string Text { get; }

    public SourceSpan PlaceOf(IToken token) => new(token.Line, token.StartIndex - _lineStarts[token.Line - 1] + 1);

    public SourceSpan PlaceOf(ParserRuleContext context) => PlaceOf(context.Start);

    /// <summary>The text of a rule, as it was written.</summary>
    public string Slice(ParserRuleContext context) => Text[ExtentOf(context)];

    /// <summary>Where the text of a rule lies.</summary>
    public static Range ExtentOf(ParserRuleContext context) => context.Start.StartIndex..(context.Stop.StopIndex + 1);

    public LsmException Error(LsmErrorCode code, string message, IToken token, string? hint = null)
    {
        var place = PlaceOf(token);
        return new LsmException(code, message, place.Line, place.Column, hint);
    }
}
