namespace LsmTree.Storage.Versions;

/// <summary>User keys in messages: readable when they are text, bounded in length whatever they are.</summary>
internal static class KeyText
{
    private const int ShownBytes = 32;

    public static string Of(ReadOnlySpan<byte> userKey)
    {
        var shown = userKey[..Math.Min(userKey.Length, ShownBytes)];
        var isText = !shown.ContainsAnyExceptInRange((byte)' ', (byte)'~');
        var text = isText ? System.Text.Encoding.ASCII.GetString(shown) : "0x" + Convert.ToHexStringLower(shown);
        return shown.Length == userKey.Length ? text : $"{text}… ({userKey.Length} bytes)";
    }
}
