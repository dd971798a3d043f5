namespace LsmTree.Data.Differential.Statements;

/// <summary>What is known about each kind: its groups, and how each database calls it.</summary>
internal static class Kinds
{
    public static IReadOnlyList<Kind> All { get; } = Enum.GetValues<Kind>();

    public static IReadOnlyList<Kind> Integers { get; } = [Kind.SmallInt, Kind.Integer, Kind.BigInt];

    public static IReadOnlyList<Kind> Numbers { get; } = [Kind.SmallInt, Kind.Integer, Kind.BigInt, Kind.Decimal, Kind.Double];

    public static bool IsInteger(Kind kind) => kind <= Kind.BigInt;

    public static bool IsNumber(Kind kind) => kind <= Kind.Double;

    /// <summary>Whether a column of the one kind may stand where the other is wanted without a cast.</summary>
    public static bool Fits(Kind given, Kind wanted) => given == wanted || (wanted == Kind.BigInt && given is Kind.Integer) || (wanted == Kind.Integer && given == Kind.SmallInt);

    public static string NameOf(Kind kind, Dialect dialect) => dialect switch
    {
        Dialect.Sqlite => kind switch
        {
            Kind.SmallInt or Kind.Integer or Kind.BigInt => "INTEGER",
            Kind.Decimal or Kind.Double => "REAL", // every number that is drawn is a small multiple of a quarter, and so is exact as a double
            Kind.Blob => "BLOB",
            Kind.Boolean => "BOOLEAN",
            _ => "TEXT", // moments and UUIDs in the form whose order as text is their order
        },
        Dialect.Postgres => kind switch
        {
            Kind.Double => "DOUBLE PRECISION",
            Kind.Blob => "BYTEA",
            _ => kind.ToString().ToUpperInvariant(),
        },
        _ => kind == Kind.Double ? "DOUBLE PRECISION" : kind.ToString().ToUpperInvariant(),
    };
}
