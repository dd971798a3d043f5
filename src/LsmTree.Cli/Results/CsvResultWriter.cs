using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Results;

/// <summary>Comma-separated values after RFC 4180. NULL is an empty field and the empty text is <c>""</c>, so that they differ.</summary>
internal sealed class CsvResultWriter(TextWriter output) : IResultWriter
{
    public void Begin(IReadOnlyList<string> columns) => WriteLine(columns.Select(Quote));

    public void Row(object?[] values) => WriteLine(values.Select(static value => value switch
    {
        null => "",
        byte[] bytes => TsvField.OfBytes(bytes),
        _ => Quote(ValueText.Of(value)),
    }));

    public void End() => output.Flush();

    public void Note(string message)
    {
        // A note is not data.
    }

    private static string Quote(string text) => text.Length > 0 && text.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? text
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private void WriteLine(IEnumerable<string> fields)
    {
        output.Write(string.Join(',', fields));
        output.Write('\n');
    }
}
