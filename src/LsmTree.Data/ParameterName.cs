namespace LsmTree.Data;

/// <summary>Parameter names are given with or without the prefix of the text (<c>@ : $ ?</c>), in any case.</summary>
internal static class ParameterName
{
    public static bool HasPrefix(string name) => name.Length > 0 && name[0] is '@' or ':' or '$' or '?';

    public static ReadOnlySpan<char> Bare(string name) => HasPrefix(name) ? name.AsSpan(1) : name;
}
