namespace LsmTree.Data.Syntax;

/// <summary>A statement as it was written. A closed hierarchy: every case is in this file, and a switch over it ends in a throw.</summary>
internal abstract record Statement(SourceSpan At);

/// <summary>A whole command text: statements in order. Empty and comment-only texts have none.</summary>
/// <param name="Statements">The statements.</param>
/// <param name="Extents">For each statement, where its text lies in the command's.</param>
/// <param name="ParameterNames">Every named parameter once, in order of appearance, without prefix.</param>
/// <param name="PositionalCount">How many positional parameters the text needs. Named and positional in one text is refused.</param>
internal sealed record Script(IReadOnlyList<Statement> Statements, IReadOnlyList<Range> Extents, IReadOnlyList<string> ParameterNames, int PositionalCount);

/// <param name="At">Where it stands.</param>
/// <param name="Cores">One SELECT, or several joined by UNION.</param>
/// <param name="UnionAll">One flag for each UNION (<c>Cores.Count - 1</c>): true for UNION ALL.</param>
/// <param name="OrderBy">The items of ORDER BY; empty when there is none.</param>
/// <param name="Limit">The LIMIT; null when there is none.</param>
/// <param name="Offset">The OFFSET; null when there is none.</param>
internal sealed record SelectStatement(SourceSpan At, IReadOnlyList<SelectCore> Cores, IReadOnlyList<bool> UnionAll, IReadOnlyList<OrderItem> OrderBy, Expression? Limit, Expression? Offset) : Statement(At);

/// <param name="At">Where it stands.</param>
/// <param name="Items">The select list.</param>
/// <param name="Table">The table; null for a SELECT of constants.</param>
/// <param name="Where">The condition; null when there is none.</param>
internal sealed record SelectCore(SourceSpan At, IReadOnlyList<SelectItem> Items, TableName? Table, Expression? Where);

/// <summary>An item of a select list or of RETURNING: an expression with an optional name, or <c>*</c> (null expression).</summary>
internal sealed record SelectItem(SourceSpan At, Expression? Expression, string? Alias, string Text);

internal sealed record OrderItem(SourceSpan At, Expression Expression, bool Descending);

internal sealed record TableName(SourceSpan At, string Name, string? Alias = null);

internal sealed record ColumnName(SourceSpan At, string Name);

internal sealed record Assignment(SourceSpan At, ColumnName Column, Expression Value);

/// <param name="At">Where it stands.</param>
/// <param name="Table">The table.</param>
/// <param name="Columns">The columns named; empty means all, in order of declaration.</param>
/// <param name="Rows">The rows of VALUES.</param>
/// <param name="Conflict">Fail (plain INSERT), Overwrite (UPSERT, REPLACE INTO, INSERT OR REPLACE), DoNothing or DoUpdate.</param>
/// <param name="ConflictColumns">The columns of ON CONFLICT (…); empty when there are none.</param>
/// <param name="ConflictAssignments">The SET of DO UPDATE; empty otherwise.</param>
/// <param name="Returning">The items of RETURNING; empty when there is none.</param>
internal sealed record InsertStatement(SourceSpan At, TableName Table, IReadOnlyList<ColumnName> Columns, IReadOnlyList<IReadOnlyList<Expression>> Rows, ConflictAction Conflict, IReadOnlyList<ColumnName> ConflictColumns, IReadOnlyList<Assignment> ConflictAssignments, IReadOnlyList<SelectItem> Returning) : Statement(At);

internal enum ConflictAction
{
    Fail,
    Overwrite,
    DoNothing,
    DoUpdate,
}

internal sealed record UpdateStatement(SourceSpan At, TableName Table, IReadOnlyList<Assignment> Assignments, Expression? Where, IReadOnlyList<SelectItem> Returning) : Statement(At);

internal sealed record DeleteStatement(SourceSpan At, TableName Table, Expression? Where, IReadOnlyList<SelectItem> Returning) : Statement(At);

/// <param name="At">Where it stands.</param>
/// <param name="Table">The table.</param>
/// <param name="IfNotExists">True for IF NOT EXISTS.</param>
/// <param name="Columns">The columns, in order.</param>
/// <param name="PrimaryKey">The columns of the PRIMARY KEY (…) clause; empty when a column carries it.</param>
internal sealed record CreateTableStatement(SourceSpan At, TableName Table, bool IfNotExists, IReadOnlyList<ColumnDefinition> Columns, IReadOnlyList<ColumnName> PrimaryKey) : Statement(At);

internal sealed record ColumnDefinition(SourceSpan At, string Name, TypeName Type, bool NotNull, bool PrimaryKey);

internal sealed record DropTableStatement(SourceSpan At, TableName Table, bool IfExists) : Statement(At);

internal sealed record TruncateTableStatement(SourceSpan At, TableName Table) : Statement(At);

internal sealed record BeginStatement(SourceSpan At) : Statement(At);

internal sealed record CommitStatement(SourceSpan At) : Statement(At);

/// <param name="At">Where it stands.</param>
/// <param name="Savepoint">The savepoint of ROLLBACK TO; null to roll back everything.</param>
internal sealed record RollbackStatement(SourceSpan At, string? Savepoint) : Statement(At);

internal sealed record SavepointStatement(SourceSpan At, string Name) : Statement(At);

internal sealed record ReleaseStatement(SourceSpan At, string Name) : Statement(At);

internal sealed record ExplainStatement(SourceSpan At, Statement Explained, bool Analyze) : Statement(At);

internal sealed record ShowStatement(SourceSpan At, ShowTopic Topic, TableName? Table = null) : Statement(At);

internal enum ShowTopic
{
    Tables,
    Columns,
    Stats,
    Levels,
    Version,
}

internal sealed record FlushStatement(SourceSpan At) : Statement(At);

internal sealed record CompactStatement(SourceSpan At, TableName? Table) : Statement(At);

internal sealed record CheckpointStatement(SourceSpan At, Expression Directory) : Statement(At);

internal sealed record VerifyStatement(SourceSpan At) : Statement(At);
