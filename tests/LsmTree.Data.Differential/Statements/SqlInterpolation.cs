using System.Runtime.CompilerServices;

namespace LsmTree.Data.Differential.Statements;

/// <summary>Collects the pieces of an interpolated string: texts, and <see cref="Sql"/> in its holes.</summary>
[InterpolatedStringHandler]
internal sealed class SqlInterpolation(int literalLength, int formattedCount)
{
    private readonly List<SqlPart> _parts = new(formattedCount + (literalLength > 0 ? formattedCount + 1 : 0));

    public IReadOnlyList<SqlPart> Parts => _parts;

    public void AppendLiteral(string text) => _parts.Add(new Words(text));

    public void AppendFormatted(string text) => _parts.Add(new Words(text));

    public void AppendFormatted(int number) => _parts.Add(new Words(number.ToString(CultureInfo.InvariantCulture)));

    public void AppendFormatted(Sql text) => _parts.AddRange(text.Parts);
}
