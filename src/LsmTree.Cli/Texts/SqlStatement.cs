namespace LsmTree.Cli.Texts;

/// <summary>One statement of a longer text.</summary>
/// <param name="Text">The statement without its semicolon.</param>
/// <param name="Line">The line of the longer text on which it begins, from 1.</param>
internal sealed record SqlStatement(string Text, int Line);
