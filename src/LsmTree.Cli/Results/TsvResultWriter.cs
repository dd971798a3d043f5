using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Results;

/// <summary>Tab-separated values as <see cref="TsvField"/> spells them: what this writes, import reads.</summary>
internal sealed class TsvResultWriter(TextWriter output) : IResultWriter
{
    public void Begin(IReadOnlyList<string> columns) => WriteLine(columns.Select(TsvField.OfText));

    public void Row(object?[] values) => WriteLine(values.Select(static value => value switch
    {
        null => TsvField.Null,
        byte[] bytes => TsvField.OfBytes(bytes),
        _ => TsvField.OfText(ValueText.Of(value)),
    }));

    public void End() => output.Flush();

    public void Note(string message)
    {
        // A note is not data.
    }

    private void WriteLine(IEnumerable<string> fields)
    {
        output.Write(string.Join('\t', fields));
        output.Write('\n');
    }
}
