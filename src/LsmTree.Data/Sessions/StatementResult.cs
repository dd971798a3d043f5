using LsmTree.Data.Execution;
using LsmTree.Data.Schemas;

namespace LsmTree.Data.Sessions;

/// <summary>What one executed statement gives: rows to read, or a count, or (RETURNING) both.</summary>
/// <param name="Columns">The columns of the result; empty when the statement gives no rows.</param>
/// <param name="Rows">The rows; null when the statement gives none. The owner disposes it, which releases the snapshot.</param>
/// <param name="RecordsAffected">Rows inserted, updated or deleted; -1 for SELECT, DDL and the rest.</param>
internal readonly record struct StatementResult(IReadOnlyList<ResultColumn> Columns, IRowSource? Rows, int RecordsAffected);
