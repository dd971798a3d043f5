using System.Buffers;
using System.Text;

namespace LsmTree.Cli.Texts;

/// <summary>How one value is spelled in a file of tab-separated values.</summary>
/// <remarks>
/// <code>
///   field  := "\N"                 NULL
///           | "\x" hex*            bytes
///           | "\e" escaped*        text in which \t \n \r \\ stand for a tab, a line feed, a carriage return, a backslash
///           | character*           any other text, as it is
/// </code>
/// <para>A backslash means something at the start of a field only, so a file that somebody else wrote, where <c>C:\new</c> is a path, is read as it
/// stands. Text that holds a tab or a line break, or that looks like one of the three forms, is written in the third. Example: the row
/// (7, NULL, X'0AFF', "a⇥b", "C:\new") is <c>7⇥\N⇥\x0aff⇥\ea\tb⇥C:\new</c>.</para>
/// </remarks>
internal static class TsvField
{
    public const string Null = @"\N";

    private const string BytesPrefix = @"\x";
    private const string EscapedPrefix = @"\e";

    public static string OfText(string text)
    {
        if (text.AsSpan().IndexOfAny('\t', '\n', '\r') < 0 && text != Null
            && !text.StartsWith(BytesPrefix, StringComparison.Ordinal) && !text.StartsWith(EscapedPrefix, StringComparison.Ordinal))
        {
            return text;
        }

        var field = new StringBuilder(EscapedPrefix, text.Length + 8);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\t' => field.Append(@"\t"),
                '\n' => field.Append(@"\n"),
                '\r' => field.Append(@"\r"),
                '\\' => field.Append(@"\\"),
                _ => field.Append(character),
            };
        }

        return field.ToString();
    }

    public static string OfBytes(ReadOnlySpan<byte> bytes) => BytesPrefix + Convert.ToHexStringLower(bytes);

    /// <summary>Reads a field: null, a <see cref="string"/> or a <see cref="byte"/> array. False when a marked field is not of its form.</summary>
    public static bool TryRead(string field, out object? value)
    {
        value = field;
        if (field == Null)
        {
            value = null;
            return true;
        }

        if (field.StartsWith(BytesPrefix, StringComparison.Ordinal))
        {
            return TryReadBytes(field.AsSpan(BytesPrefix.Length), out value);
        }

        return !field.StartsWith(EscapedPrefix, StringComparison.Ordinal) || TryUnescape(field.AsSpan(EscapedPrefix.Length), out value);
    }

    private static bool TryReadBytes(ReadOnlySpan<char> digits, out object? value)
    {
        var bytes = new byte[digits.Length / 2];
        value = bytes;
        return digits.Length % 2 == 0 && Convert.FromHexString(digits, bytes, out _, out _) == OperationStatus.Done;
    }

    private static bool TryUnescape(ReadOnlySpan<char> escaped, out object? value)
    {
        value = null;
        var plain = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                plain.Append(escaped[i]);
                continue;
            }

            char? meant = ++i < escaped.Length ? escaped[i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', '\\' => '\\', _ => null } : null;
            if (meant is null)
            {
                return false;
            }

            plain.Append(meant.Value);
        }

        value = plain.ToString();
        return true;
    }
}
