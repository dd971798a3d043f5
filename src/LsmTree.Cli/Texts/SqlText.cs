namespace LsmTree.Cli.Texts;

/// <summary>Names and values as they are written into a statement.</summary>
internal static class SqlText
{
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
