using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Results;

/// <summary>A value as it stands in a table for people.</summary>
/// <param name="Text">The text, on one line.</param>
/// <param name="IsNull">True for NULL, which is shown so that it differs from the text "NULL" where colours allow.</param>
/// <param name="IsNumber">True when the column is set flush right.</param>
internal readonly record struct Cell(string Text, bool IsNull, bool IsNumber)
{
    public static Cell Of(object? value) => value switch
    {
        null => new Cell("NULL", true, false),
        byte[] bytes => new Cell(ValueText.OfBytes(bytes), false, false),
        _ => new Cell(ValueText.OnOneLine(ValueText.Of(value)), false, value is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal),
    };
}
