namespace LsmTree.Data.Differential.Statements;

/// <summary>A piece of a statement. A closed hierarchy: every case is in this file.</summary>
internal abstract record SqlPart;

/// <summary>What every database reads alike.</summary>
internal sealed record Words(string Text) : SqlPart;

/// <param name="Kind">The type of the value.</param>
/// <param name="Content">The value as .NET knows it; null is NULL.</param>
/// <param name="IsParameter">Whether it goes beside the text rather than in it.</param>
internal sealed record Value(Kind Kind, object? Content, bool IsParameter) : SqlPart;

internal sealed record TypeName(Kind Kind) : SqlPart;

/// <summary>What is spelt in three ways but means one thing.</summary>
internal sealed record Spelling(Sql Lsm, Sql Sqlite, Sql Postgres) : SqlPart
{
    public Sql In(Dialect dialect) => dialect switch { Dialect.Sqlite => Sqlite, Dialect.Postgres => Postgres, _ => Lsm };
}
