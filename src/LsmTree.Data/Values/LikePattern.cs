using System.Text;

namespace LsmTree.Data.Values;

/// <summary>A parsed LIKE pattern: <c>%</c> stands for any text, <c>_</c> for one character, and the escape character takes the next one literally.</summary>
/// <remarks>
/// <para>A pattern is a run of steps, one for each byte of literal UTF-8 and one for each wildcard. Matching needs no recursion: when a step fails,
/// only the last <c>%</c> can help, by taking one byte more, for what stands before it already lies as far left as it can. So the work is
/// at most the length of the text times the longest stretch between two <c>%</c>, whatever the pattern.</para>
/// <para>On a BLOB, <c>_</c> is one character of UTF-8 where there is one, else one byte.</para>
/// </remarks>
internal sealed class LikePattern
{
    private const short AnyText = -1;
    private const short AnyCharacter = -2;

    private readonly short[] _steps;

    private LikePattern(short[] steps)
    {
        _steps = steps;
        var literal = 0;
        while (literal < steps.Length && steps[literal] >= 0)
        {
            literal++;
        }

        var prefix = new byte[literal];
        for (var i = 0; i < literal; i++)
        {
            prefix[i] = (byte)steps[i];
        }

        Prefix = SqlValue.FromUtf8(prefix, 0, literal);
        BeginsWithText = literal > 0;
        IsLiteral = literal == steps.Length;
        IsPrefixOnly = literal == steps.Length - 1 && steps[literal] == AnyText;
    }

    /// <summary>The TEXT that every match begins with, which may be empty.</summary>
    public SqlValue Prefix { get; }

    /// <summary>True when <see cref="Prefix"/> is not empty.</summary>
    public bool BeginsWithText { get; }

    /// <summary>True when the pattern has no wildcard: LIKE is then equality with <see cref="Prefix"/>.</summary>
    public bool IsLiteral { get; }

    /// <summary>True when the pattern is its prefix and one <c>%</c>: then everything that begins with the prefix matches.</summary>
    public bool IsPrefixOnly { get; }

    /// <param name="pattern">A TEXT or BLOB.</param>
    /// <param name="escape">One character; empty for none; null for a backslash, as in PostgreSQL.</param>
    /// <exception cref="LsmException">InvalidConversion: the pattern ends with its escape character, or the escape is longer than one.</exception>
    public static LikePattern Parse(in SqlValue pattern, string? escape)
    {
        var escapeBytes = EscapeBytes(escape);
        using var source = new Utf8Bytes(pattern, stackalloc byte[Utf8Bytes.ScratchLength]);
        var bytes = source.Span;
        var steps = new List<short>(bytes.Length);
        for (var i = 0; i < bytes.Length;)
        {
            if (escapeBytes.Length > 0 && bytes[i..].StartsWith(escapeBytes))
            {
                i += escapeBytes.Length;
                if (i == bytes.Length)
                {
                    throw new LsmException(LsmErrorCode.InvalidConversion, "The pattern of LIKE ends with its escape character");
                }

                steps.Add(bytes[i++]);
                continue;
            }

            var step = bytes[i++] switch
            {
                (byte)'%' => AnyText,
                (byte)'_' => AnyCharacter,
                var literal => literal,
            };
            if (step != AnyText || steps.Count == 0 || steps[^1] != AnyText)
            {
                steps.Add(step);
            }
        }

        return new LikePattern([.. steps]);
    }

    /// <summary>Whether a TEXT or BLOB is like the pattern.</summary>
    /// <exception cref="LsmException">DatatypeMismatch: the value is neither.</exception>
    public bool IsMatch(in SqlValue value)
    {
        if (SqlTypes.ClassOf(value.Type) != TypeClass.Bytes)
        {
            throw new LsmException(LsmErrorCode.DatatypeMismatch, $"LIKE is for TEXT, not {SqlTypes.NameOf(value.Type)}");
        }

        using var bytes = new Utf8Bytes(value, stackalloc byte[Utf8Bytes.ScratchLength]);
        return IsMatch(bytes.Span);
    }

    private bool IsMatch(ReadOnlySpan<byte> text)
    {
        var steps = _steps.AsSpan();
        var position = 0;
        var step = 0;
        var afterAnyText = -1; // the step after the last % passed; -1 before the first
        var resume = 0;        // where in the text that step is tried next
        while (true)
        {
            if (step < steps.Length && steps[step] == AnyText)
            {
                if (step == steps.Length - 1)
                {
                    return true;
                }

                afterAnyText = ++step;
                resume = position;
                continue;
            }

            if (step == steps.Length ? position == text.Length : TryStep(text, ref position, steps[step]))
            {
                if (step++ == steps.Length)
                {
                    return true;
                }

                continue;
            }

            if (afterAnyText < 0 || resume >= text.Length)
            {
                return false;
            }

            resume += CharacterLength(text[resume..]);
            position = resume;
            step = afterAnyText;
        }
    }

    private static bool TryStep(ReadOnlySpan<byte> text, ref int position, short step)
    {
        if (position == text.Length)
        {
            return false;
        }

        if (step == AnyCharacter)
        {
            position += CharacterLength(text[position..]);
            return true;
        }

        return text[position++] == step;
    }

    private static int CharacterLength(ReadOnlySpan<byte> text)
    {
        if (text[0] < 0x80)
        {
            return 1;
        }

        return Rune.DecodeFromUtf8(text, out _, out var length) == System.Buffers.OperationStatus.Done ? length : 1;
    }

    private static ReadOnlySpan<byte> EscapeBytes(string? escape)
    {
        if (escape is null)
        {
            return "\\"u8;
        }

        if (escape.Length == 0)
        {
            return [];
        }

        return Rune.TryGetRuneAt(escape, 0, out var rune) && rune.Utf16SequenceLength == escape.Length
            ? Encoding.UTF8.GetBytes(escape)
            : throw new LsmException(LsmErrorCode.InvalidConversion, $"'{escape}' is not one character: ESCAPE takes one, or none");
    }
}
