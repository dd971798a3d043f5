namespace LsmTree.Cli.Terminals;

/// <summary>Lines of input, one after another.</summary>
internal interface ILineSource
{
    /// <summary>True when a person types the lines: prompts are shown, and an error does not end the session.</summary>
    bool IsInteractive { get; }

    /// <summary>Reads a line, without its line break. The line is empty unless the result is <see cref="LineEnd.Entered"/>.</summary>
    LineEnd Read(string prompt, out string line);
}
