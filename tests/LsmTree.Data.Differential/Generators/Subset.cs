namespace LsmTree.Data.Differential.Generators;

/// <summary>What LsmTree and another database mean alike. Each switch is a difference that docs/sql.md lists; what it says is the reason.</summary>
internal sealed record Subset
{
    /// <summary>
    /// SQLite divides by zero and gets NULL; computes past 64 bits in floating point; reads a text that is no number as zero; an INTEGER column takes
    /// any of 64 bits.
    /// </summary>
    public bool HasCheckedArithmetic { get; init; }

    /// <summary>SQLite cuts the fraction off in CAST(2.5 AS INTEGER).</summary>
    public bool RoundsInCasts { get; init; }

    /// <summary>SQLite's SUBSTR counts from the end for a negative start.</summary>
    public bool SubstringCountsBeforeTheText { get; init; }

    /// <summary>SQLite turns BLOB || BLOB into TEXT, and finds SUBSTR(X'', 1) to be NULL.</summary>
    public bool HasBlobFunctions { get; init; }

    /// <summary>SQLite has dates as text only, without arithmetic.</summary>
    public bool HasMoments { get; init; }

    /// <summary>PostgreSQL 15 has no MIN and MAX of BOOLEAN, BYTEA and UUID.</summary>
    public bool HasExtremesOfEveryKind { get; init; }

    /// <summary>PostgreSQL has no UPSERT; REPLACE INTO of SQLite overwrites the whole row as it does.</summary>
    public bool HasUpsert { get; init; }

    /// <summary>PostgreSQL refuses, with 21000, that one statement updates a row twice by ON CONFLICT.</summary>
    public bool ConflictsWithItself { get; init; }

    /// <summary>PostgreSQL only warns when a transaction begins in a transaction or ends without one; and a failed ROLLBACK TO ends the transaction.</summary>
    public bool RefusesMisplacedTransactions { get; init; }

    public static Subset OfSqlite { get; } = new()
    {
        HasExtremesOfEveryKind = true,
        HasUpsert = true,
        ConflictsWithItself = true,
        RefusesMisplacedTransactions = true,
    };

    public static Subset OfPostgres { get; } = new()
    {
        HasCheckedArithmetic = true,
        RoundsInCasts = true,
        SubstringCountsBeforeTheText = true,
        HasBlobFunctions = true,
        HasMoments = true,
    };
}
