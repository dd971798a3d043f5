namespace LsmTree.Data.Values;

/// <summary>Order of TEXT and BLOB: by bytes, TEXT by its UTF-8. For text that is the order of code points, in any of its two representations.</summary>
internal static class TextOrder
{
    public static int Compare(in SqlValue left, in SqlValue right)
    {
        var leftIsString = left.Type == SqlType.Text && !left.IsUtf8;
        var rightIsString = right.Type == SqlType.Text && !right.IsUtf8;
        if (leftIsString && rightIsString)
        {
            return Compare(left.AsString(), right.AsString());
        }

        if (!leftIsString && !rightIsString)
        {
            return left.AsSpan().SequenceCompareTo(right.AsSpan());
        }

        using var leftBytes = new Utf8Bytes(left, stackalloc byte[Utf8Bytes.ScratchLength]);
        using var rightBytes = new Utf8Bytes(right, stackalloc byte[Utf8Bytes.ScratchLength]);
        return leftBytes.Span.SequenceCompareTo(rightBytes.Span);
    }

    /// <summary>
    /// Code-point order of two UTF-16 strings. It differs from ordinal order in one case: U+FF61 is the unit FF61, which is above the surrogates
    /// D83D DE00 of U+1F600, although the code point is below. Lifting surrogates above every other unit puts that right.
    /// </summary>
    public static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        return Rank(left[common]).CompareTo(Rank(right[common]));
    }

    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + char.MaxValue : unit;
}
