namespace LsmTree.Data.Tests.Rows;

/// <summary>Bytes as the format pages write them: pairs of hexadecimal digits, with spaces and dots where they help to read.</summary>
internal static class HexText
{
    public static byte[] Parse(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal).Replace("·", "", StringComparison.Ordinal));

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var digits = Convert.ToHexString(bytes);
        return string.Join(' ', Enumerable.Range(0, bytes.Length).Select(i => digits.Substring(i * 2, 2)));
    }
}
