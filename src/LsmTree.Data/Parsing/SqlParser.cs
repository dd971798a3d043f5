using LsmTree.Data.Syntax;

namespace LsmTree.Data.Parsing;

/// <summary>From text to syntax. The only way into the generated parser.</summary>
internal static class SqlParser
{
    /// <summary>Parses a whole command text. Thread-safe.</summary>
    /// <exception cref="LsmException">Syntax, LimitExceeded or NotSupported, with line and column.</exception>
    public static Script Parse(string text) => throw new NotImplementedException();
}
