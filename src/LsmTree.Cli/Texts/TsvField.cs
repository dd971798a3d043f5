using System.Text;

namespace LsmTree.Cli.Texts;

/// <summary>How one value is spelled in a file of tab-separated values.</summary>
/// <remarks>
/// <code>
///   field  := "\N"                 NULL
///           | "\x" hex*            bytes
///           | character*           text, with \t \n \r \\ for a tab, a line feed, a carriage return, a backslash
/// </code>
/// <para>The three forms do not overlap: text that begins with a backslash is written with two. Example: the row (7, NULL, X'0AFF', "a⇥b") is
/// <c>7⇥\N⇥\x0aff⇥a\tb</c>.</para>
/// </remarks>
internal static class TsvField
{
    public const string Null = @"\N";
    public const string BytesPrefix = @"\x";

    public static string EscapeText(string text)
    {
        if (text.AsSpan().IndexOfAny("\t\n\r\\") < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\t' => escaped.Append(@"\t"),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                '\\' => escaped.Append(@"\\"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    public static string EscapeBytes(ReadOnlySpan<byte> bytes) => BytesPrefix + Convert.ToHexStringLower(bytes);

    /// <summary>Undoes <see cref="EscapeText"/>; false when a backslash is followed by a character that it never is.</summary>
    public static bool TryUnescapeText(string field, out string text)
    {
        text = field;
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return true;
        }

        var plain = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] != '\\')
            {
                plain.Append(field[i]);
                continue;
            }

            char? meant = ++i < field.Length ? field[i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', '\\' => '\\', _ => null } : null;
            if (meant is null)
            {
                return false;
            }

            plain.Append(meant.Value);
        }

        text = plain.ToString();
        return true;
    }

    /// <summary>Undoes <see cref="EscapeBytes"/>; false when the field has another form.</summary>
    public static bool TryUnescapeBytes(string field, out byte[] bytes)
    {
        bytes = [];
        if (!field.StartsWith(BytesPrefix, StringComparison.Ordinal) || field.Length % 2 != 0)
        {
            return false;
        }

        bytes = new byte[(field.Length - BytesPrefix.Length) / 2];
        return Convert.FromHexString(field.AsSpan(BytesPrefix.Length), bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }
}
