namespace LsmTree.Cli.Terminals;

/// <summary>Lines from a pipe or a file.</summary>
internal sealed class RedirectedLines(TextReader reader) : ILineSource
{
    public bool IsInteractive => false;

    public LineEnd Read(string prompt, out string line)
    {
        var read = reader.ReadLine();
        line = read ?? "";
        return read is null ? LineEnd.EndOfInput : LineEnd.Entered;
    }
}
