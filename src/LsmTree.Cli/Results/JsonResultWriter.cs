using System.Text.Encodings.Web;
using System.Text.Json;
using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Results;

/// <summary>An array of objects for each result, one object to a line. Numbers stay numbers; bytes are <c>"\\x0aff"</c>.</summary>
internal sealed class JsonResultWriter(TextWriter output) : IResultWriter
{
    private string[] _names = [];
    private bool _isFirst;

    public void Begin(IReadOnlyList<string> columns)
    {
        _names = [.. columns.Select(Text)];
        _isFirst = true;
        output.Write('[');
    }

    public void Row(object?[] values)
    {
        output.Write(_isFirst ? "\n  {" : ",\n  {");
        _isFirst = false;
        for (var i = 0; i < values.Length; i++)
        {
            output.Write(i == 0 ? "" : ", ");
            output.Write(_names[i]);
            output.Write(": ");
            output.Write(Value(values[i]));
        }

        output.Write('}');
    }

    public void End()
    {
        output.Write(_isFirst ? "]\n" : "\n]\n");
        output.Flush();
    }

    public void Note(string message)
    {
        // A note is not data.
    }

    private static string Value(object? value) => value switch
    {
        null => "null",
        byte[] bytes => Text(TsvField.OfBytes(bytes)),
        bool or sbyte or byte or short or ushort or int or uint or long or ulong or decimal => ValueText.Of(value),
        double number when double.IsFinite(number) => ValueText.Of(value),
        float number when float.IsFinite(number) => ValueText.Of(value),
        _ => Text(ValueText.Of(value)),
    };

    private static string Text(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
