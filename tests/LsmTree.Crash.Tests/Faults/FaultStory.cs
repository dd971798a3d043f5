using System.Runtime.CompilerServices;
using System.Text;

namespace LsmTree.Crash.Tests.Faults;

/// <summary>An interpolated text that is put together only when what it complains of is so: it is asked for thousands of times a second.</summary>
[InterpolatedStringHandler]
internal readonly struct FaultStory
{
    private readonly StringBuilder? _text;

    public FaultStory(int literalLength, int formattedCount, bool holds, out bool isWanted)
    {
        isWanted = !holds;
        _text = isWanted ? new StringBuilder(literalLength + (formattedCount * 8)) : null;
    }

    public void AppendLiteral(string text) => _text!.Append(text);

    public void AppendFormatted<T>(T value) => _text!.Append(System.Globalization.CultureInfo.InvariantCulture, $"{value}");

    public override string ToString() => _text?.ToString() ?? "";
}
