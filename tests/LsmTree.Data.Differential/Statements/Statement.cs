namespace LsmTree.Data.Differential.Statements;

/// <summary>One statement, and what of its result is promised.</summary>
/// <param name="Text">The statement.</param>
/// <param name="Columns">The kinds of the columns of its result; empty when it gives no rows.</param>
internal sealed record Statement(Sql Text, IReadOnlyList<Kind> Columns)
{
    public static Statement Of(SqlInterpolation text) => new(Sql.Of(text), []);

    /// <summary>Whether the rows have one order, and not any: rows without one are compared as a bag.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>Whether the number of changed rows is promised.</summary>
    public bool Counts { get; init; }

    /// <summary>What it does to the transaction.</summary>
    public TransactionEffect Transaction { get; init; }

    /// <summary>A statement that changes nothing that SQL sees, and that only LsmTree has.</summary>
    public bool IsLsmOnly { get; init; }
}
