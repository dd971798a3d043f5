namespace LsmTree.Data.Values;

/// <summary>The LIKE operator on values. A pattern that stays the same for many rows is better parsed once: <see cref="LikePattern"/>.</summary>
internal static class Like
{
    /// <summary>Whether the value is like the pattern; null when one of them is NULL.</summary>
    /// <param name="value">A TEXT or BLOB.</param>
    /// <param name="pattern">The pattern as TEXT.</param>
    /// <param name="escape">The text of ESCAPE: one character, or nothing to switch escaping off; null for the default, a backslash.</param>
    /// <exception cref="LsmException">DatatypeMismatch: not text. InvalidConversion: the pattern or the escape is malformed.</exception>
    public static bool? IsMatch(in SqlValue value, in SqlValue pattern, string? escape = null)
    {
        if (value.IsNull || pattern.IsNull)
        {
            return null;
        }

        return Parse(pattern, escape).IsMatch(value);
    }

    /// <summary>The pattern of a TEXT (or BLOB) value.</summary>
    /// <inheritdoc cref="IsMatch"/>
    public static LikePattern Parse(in SqlValue pattern, string? escape = null) => SqlTypes.ClassOf(pattern.Type) == TypeClass.Bytes
        ? LikePattern.Parse(pattern, escape)
        : throw new LsmException(LsmErrorCode.DatatypeMismatch, $"The pattern of LIKE is TEXT, not {SqlTypes.NameOf(pattern.Type)}");

    /// <summary>
    /// The text that every match begins with: what stands before the first wildcard. False when the pattern begins with one.
    /// The keys of a match lie between the prefix and its successor; unless <see cref="LikePattern.IsPrefixOnly"/>, each is still to be matched.
    /// </summary>
    public static bool TryGetPrefix(in SqlValue pattern, string? escape, out SqlValue prefix)
    {
        prefix = Parse(pattern, escape).Prefix;
        return prefix.AsSpan().Length > 0;
    }
}
