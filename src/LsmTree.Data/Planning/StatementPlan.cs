using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Planning;

/// <summary>
/// A statement ready to be executed any number of times, by any connection: names resolved, access decided. Immutable. A closed hierarchy: every
/// case is in this file.
/// </summary>
/// <param name="Columns">The columns of its rows; empty when it gives none.</param>
internal abstract record StatementPlan(IReadOnlyList<ResultColumn> Columns)
{
    /// <summary>True when it changes the store: refused on a read-only connection.</summary>
    public virtual bool Writes => false;
}

/// <param name="Cores">One SELECT, or several joined by UNION.</param>
/// <param name="UnionAll">For each UNION, whether duplicates stay.</param>
/// <param name="SortKeys">What is left to sort by; empty when rows come in order.</param>
/// <param name="Limit">The most rows; null for all.</param>
/// <param name="Offset">Rows to leave out first; null for none.</param>
/// <param name="Columns">The columns of the result.</param>
internal sealed record SelectPlan(IReadOnlyList<CorePlan> Cores, IReadOnlyList<bool> UnionAll, IReadOnlyList<SortKey> SortKeys, BoundExpression? Limit, BoundExpression? Offset, IReadOnlyList<ResultColumn> Columns) : StatementPlan(Columns)
{
    /// <summary>The access when the result is at most one stored row, as it is or computed from: the path that is kept short.</summary>
    public TableAccess? Point { get; } =
        Cores is [{ Access: { Path: PointPath } access, Aggregates.Count: 0, Outputs.HasTypesFromParameters: false }] && SortKeys.Count == 0 && Limit is null && Offset is null ? access : null;
}

/// <param name="Table">The table.</param>
/// <param name="Conflict">What happens when the key exists.</param>
/// <param name="Rows">The rows, one expression for each column of the table; null for a column that is not named.</param>
/// <param name="ConflictAssignments">The SET of DO UPDATE.</param>
/// <param name="Returning">The outputs of RETURNING.</param>
internal sealed record InsertPlan(TableSchema Table, ConflictAction Conflict, IReadOnlyList<BoundExpression?[]> Rows, IReadOnlyList<ColumnAssignment> ConflictAssignments, OutputList Returning) : StatementPlan(Returning.Columns)
{
    public override bool Writes => true;
}

/// <param name="Access">The rows to change.</param>
/// <param name="Assignments">The SET.</param>
/// <param name="MovesRows">True when a key column is set.</param>
/// <param name="Returning">The outputs of RETURNING, from the new row.</param>
internal sealed record UpdatePlan(TableAccess Access, IReadOnlyList<ColumnAssignment> Assignments, bool MovesRows, OutputList Returning) : StatementPlan(Returning.Columns)
{
    public override bool Writes => true;
}

/// <param name="Access">The rows to delete.</param>
/// <param name="Returning">The outputs of RETURNING, from the deleted row.</param>
internal sealed record DeletePlan(TableAccess Access, OutputList Returning) : StatementPlan(Returning.Columns)
{
    /// <summary>True when all rows of a range go, unseen: counted and covered by one tombstone.</summary>
    public bool WritesRangeTombstone { get; } =
        Access is { Residual: null, Path: RangePath } && Returning.IsEmpty;

    public override bool Writes => true;
}

/// <param name="Table">The table as declared; its id is given when it is created.</param>
/// <param name="IfNotExists">True when a table of that name is no error.</param>
internal sealed record CreateTablePlan(TableSchema Table, bool IfNotExists) : StatementPlan([])
{
    public override bool Writes => true;
}

/// <param name="Table">The name of the table: whether there is one, its transaction decides.</param>
/// <param name="IfExists">True when its absence is no error.</param>
internal sealed record DropTablePlan(string Table, bool IfExists) : StatementPlan([])
{
    public override bool Writes => true;
}

internal sealed record TruncatePlan(TableSchema Table) : StatementPlan([])
{
    public override bool Writes => true;
}

internal sealed record TransactionPlan(TransactionVerb Verb, string? Savepoint) : StatementPlan([]);

/// <param name="Explained">The statement.</param>
/// <param name="Lines">Its plan, as rows of two texts.</param>
/// <param name="Analyze">True when it is executed and measured.</param>
internal sealed record ExplainPlan(StatementPlan Explained, IReadOnlyList<PlanLine> Lines, bool Analyze) : StatementPlan(PlanText.Columns)
{
    public override bool Writes => Analyze && Explained.Writes;
}

internal sealed record ShowPlan(ShowTopic Topic, TableSchema? Table, IReadOnlyList<ResultColumn> Columns) : StatementPlan(Columns);

internal sealed record FlushPlan() : StatementPlan([])
{
    public override bool Writes => true;
}

/// <param name="Table">The table; null for the whole store.</param>
internal sealed record CompactPlan(TableSchema? Table) : StatementPlan([])
{
    public override bool Writes => true;
}

internal sealed record CheckpointPlan(BoundExpression Directory) : StatementPlan([]);

internal sealed record VerifyPlan(IReadOnlyList<ResultColumn> Columns) : StatementPlan(Columns);
