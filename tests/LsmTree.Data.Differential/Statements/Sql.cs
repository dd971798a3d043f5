namespace LsmTree.Data.Differential.Statements;

/// <summary>A text that is not written for one database yet: words, values and types. Written as an interpolated string, <c>Sql.Of($"({left} + {right})")</c>.</summary>
internal sealed class Sql(IReadOnlyList<SqlPart> parts)
{
    public static Sql Empty { get; } = new([]);

    public IReadOnlyList<SqlPart> Parts => parts;

    public static Sql Of(SqlInterpolation text) => new(text.Parts);

    public static Sql Words(string text) => new([new Words(text)]);

    public static Sql Spelt(Sql lsm, Sql sqlite, Sql postgres) => new([new Spelling(lsm, sqlite, postgres)]);

    public static Sql Spelt(string lsm, string sqlite, string postgres) => Spelt(Words(lsm), Words(sqlite), Words(postgres));

    public static Sql Type(Kind kind) => new([new TypeName(kind)]);

    public static Sql Join(string separator, IEnumerable<Sql> items)
    {
        var parts = new List<SqlPart>();
        foreach (var item in items)
        {
            if (parts.Count > 0)
            {
                parts.Add(new Words(separator));
            }

            parts.AddRange(item.Parts);
        }

        return new Sql(parts);
    }
}
