using Antlr4.Runtime;
using Antlr4.Runtime.Misc;

namespace LsmTree.Data.Parsing;

/// <summary>A string as the lexer reads it: code points by value, positions in UTF-16 units.</summary>
/// <remarks>Half a surrogate pair is a code point of its own here, so that every string lexes; ANTLR's own streams throw, or see only halves.</remarks>
internal sealed class CharacterStream : ICharStream
{
    private readonly string _text;

    public CharacterStream(string text) => _text = text;

    public int Index { get; private set; }

    public int Size => _text.Length;

    public string SourceName => "command text";

    public int LA(int i)
    {
        if (i == 1)
        {
            return Index < _text.Length ? CodePointAt(Index) : IntStreamConstants.EOF;
        }

        var at = Index;
        for (; i > 1 && at < _text.Length; i--)
        {
            at += WidthAt(at);
        }

        for (; i < 0 && at >= 0; i++)
        {
            at -= at >= 2 && char.IsSurrogatePair(_text, at - 2) ? 2 : 1;
        }

        return i is 0 or 1 && (uint)at < (uint)_text.Length ? CodePointAt(at) : IntStreamConstants.EOF;
    }

    public void Consume()
    {
        if (Index >= _text.Length)
        {
            throw new InvalidOperationException("The end of the text was consumed.");
        }

        Index += WidthAt(Index);
    }

    public void Seek(int index) => Index = Math.Min(index, _text.Length);

    /// <summary>Nothing to do: the whole text stays in memory.</summary>
    public int Mark() => -1;

    /// <summary>Nothing to do, as for <see cref="Mark"/>.</summary>
    public void Release(int marker)
    {
    }

    public string GetText(Interval interval)
    {
        var end = Math.Min(interval.b + 1, _text.Length);
        return interval.a < end ? _text[interval.a..end] : "";
    }

    private int CodePointAt(int at) => WidthAt(at) == 2 ? char.ConvertToUtf32(_text[at], _text[at + 1]) : _text[at];

    private int WidthAt(int at) => char.IsHighSurrogate(_text[at]) && at + 1 < _text.Length && char.IsLowSurrogate(_text[at + 1]) ? 2 : 1;
}
