using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Generators;

/// <summary>Values from small pools, so that keys meet, conditions hold and edges are common.</summary>
internal sealed class Values(Draw draw)
{
    private static readonly string[] s_texts = ["", "a", "ab", "abc", "b", "B", "ba", "a%b", "a_b", "a'b", "10", "9", "x y", "中", "\uFFFD", "😀", "a中"];
    private static readonly string[] s_patterns = ["a%", "%", "", "_", "a_%", "%b", "%b%", "ab", "中%", "_%_", "a%%", "B%"];
    private static readonly string[] s_blobs = ["", "00", "0000", "00FF", "FF", "FFFF", "6162", "7F80"];

    public Sql Literal(Kind kind) => Of(kind, OfKind(kind));

    /// <summary>A literal, or sometimes NULL with its type.</summary>
    public Sql LiteralOrNull(Kind kind) => draw.Percent(8) ? Null(kind) : Literal(kind);

    public Sql Null(Kind kind) => Sql.Of($"CAST(NULL AS {Sql.Type(kind)})");

    public Sql Number(int number) => Of(Kind.Integer, number);

    public Sql Pattern() => Of(Kind.Text, draw.Of(s_patterns));

    /// <summary>A number beside an integer column that the column itself may not be able to hold: 3.5, or more than a SMALLINT.</summary>
    public Sql OddNumber() => draw.Between(0, 3) switch
    {
        0 => Of(Kind.Decimal, draw.Between(-20, 40) * 0.5m),
        1 => Of(Kind.Double, draw.Between(-20, 40) * 0.5),
        2 => Of(Kind.Integer, draw.Of([100_000, -100_000])),
        _ => Of(Kind.BigInt, draw.Of([5_000_000_000L, -5_000_000_000L])),
    };

    public Sql Of(Kind kind, object content) => new([new Value(kind, content, IsParameter: draw.Percent(20))]);

    private object OfKind(Kind kind) => kind switch
    {
        Kind.SmallInt or Kind.Integer => draw.Between(-4, 9),
        Kind.BigInt => BigInteger(),
        Kind.Decimal => draw.Between(-8, 16) * 0.25m,
        Kind.Double => draw.Between(-8, 16) * 0.25,
        Kind.Text => draw.Of(s_texts),
        Kind.Blob => Convert.FromHexString(draw.Of(s_blobs)),
        Kind.Boolean => draw.Percent(50),
        Kind.Uuid => new Guid(draw.Between(0, 2), 0, (short)draw.Between(-1, 1), 0, 0, 0, 0, 0, 0, 0, (byte)draw.Between(0, 2)),
        Kind.Date => new DateOnly(2024, 2, 27).AddDays(draw.Between(0, 5)),
        Kind.Time => new TimeOnly(draw.Between(0, 23), draw.Of([0, 59]), draw.Of([0, 59])),
        _ => new DateTime(2024, 2, 28).AddHours(12 * draw.Between(0, 6)),
    };

    private object BigInteger() => draw.Between(0, 9) switch
    {
        < 4 => draw.Between(-3, 3) * 1_000_000_000_000L,
        _ => (object)draw.Between(-4, 9),
    };
}
