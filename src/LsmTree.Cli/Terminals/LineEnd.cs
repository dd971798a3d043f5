namespace LsmTree.Cli.Terminals;

/// <summary>How a line came to its end.</summary>
internal enum LineEnd
{
    /// <summary>By Enter, or by a line break in a file.</summary>
    Entered,

    /// <summary>By Ctrl-C: forget it, and what came before it in the same statement.</summary>
    Abandoned,

    /// <summary>There are no more lines.</summary>
    EndOfInput,
}
