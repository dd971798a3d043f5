namespace LsmTree.Cli.Transfers;

/// <summary>What an import is told.</summary>
/// <param name="Table">The table that takes the rows.</param>
/// <param name="File">The file that gives them.</param>
/// <param name="RowsPerTransaction">Rows that are committed together, from 1.</param>
/// <param name="Upsert">True to overwrite a row whose key exists; false to reject the line.</param>
/// <param name="CreateKey">The column that is the primary key of a table to create; null when the table exists.</param>
/// <param name="AllText">True to create every column as TEXT instead of guessing.</param>
/// <param name="RejectsFile">Where rejected lines are kept; made when the first one comes.</param>
/// <param name="AcknowledgementFile">Where each commit is recorded after it has returned; null for nowhere.</param>
internal sealed record ImportSettings(string Table, string File, int RowsPerTransaction, bool Upsert, string? CreateKey, bool AllText, string RejectsFile, string? AcknowledgementFile);
