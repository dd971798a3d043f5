using System.Globalization;
using System.Text;

namespace LsmTree.Cli.Texts;

/// <summary>How a value reads: the same in every culture, and as the dialect would take it back.</summary>
internal static class ValueText
{
    /// <summary>The text of a value that is neither NULL nor bytes.</summary>
    public static string Of(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset moment => moment.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        Guid guid => guid.ToString("D"),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Bytes as the dialect writes them: <c>X'0aff'</c>.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes) => $"X'{Convert.ToHexStringLower(bytes)}'";

    /// <summary>Bytes as text when that is what they look like (UTF-8 without control characters), else as <see cref="OfBytes"/>.</summary>
    public static string OfReadableBytes(ReadOnlySpan<byte> bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return OfBytes(bytes);
        }

        var text = Encoding.UTF8.GetString(bytes);
        return text.Any(char.IsControl) ? OfBytes(bytes) : text;
    }

    /// <summary>Control characters made visible, so that one value stays on one line of a terminal and cannot steer it.</summary>
    public static string OnOneLine(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var visible = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\t' => visible.Append("\\t"),
                '\n' => visible.Append("\\n"),
                '\r' => visible.Append("\\r"),
                _ when char.IsControl(character) => visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => visible.Append(character),
            };
        }

        return visible.ToString();
    }
}
