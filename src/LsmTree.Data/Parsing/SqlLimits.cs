namespace LsmTree.Data.Parsing;

/// <summary>What a text may have at most. Each limit is an error of its own (SQLSTATE 54000) and never a slow or a fatal parse.</summary>
internal static class SqlLimits
{
    /// <summary>UTF-16 units of a command text, which is what a string counts: 1 MiB, as SQLite's SQLITE_MAX_SQL_LENGTH was until it grew to 1 GB.</summary>
    public const int TextLength = 1 << 20;

    /// <summary>Open parentheses, CASEs, NOTs and signs around one place: what the parser recurses on.</summary>
    public const int Nesting = 200;

    /// <summary>Operators between the root of an expression and its deepest operand, so that whoever walks the tree may recurse.</summary>
    /// <remarks>
    /// Half of SQLite's SQLITE_MAX_EXPR_DEPTH: managed frames are larger. A chain of AND or of OR is built balanced and costs the logarithm
    /// of its length, so that only chains of other operators (<c>1 + 1 + …</c>) come near.
    /// </remarks>
    public const int ExpressionDepth = 500;

    /// <summary>Items of an IN list that has other items than parameters.</summary>
    public const int ListItems = 10_000;

    /// <summary>Items of an IN list of parameters only, which may repeat.</summary>
    public const int ListParameters = 65_535;

    /// <summary>Different parameters of a text: SQLite's SQLITE_MAX_VARIABLE_NUMBER.</summary>
    public const int Parameters = 32_766;

    /// <summary>UTF-8 bytes of a name: twice PostgreSQL's 63 and a bit.</summary>
    public const int IdentifierBytes = 128;
}
