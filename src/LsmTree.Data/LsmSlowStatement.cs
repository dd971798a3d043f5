namespace LsmTree.Data;

/// <summary>A statement that took long: what <see cref="LsmDataSourceBuilder.SlowStatements"/> is told of.</summary>
/// <param name="Summary">Its operations and tables, such as <c>SELECT packages</c>; empty when the text could not be read.</param>
/// <param name="Text">Its text, with <c>?</c> for literals unless it has parameters; values of parameters are never shown. Null when the text could not be read, and for a batch.</param>
/// <param name="Duration">From the call to its end; of a statement with rows, to the close of its reader.</param>
/// <param name="DataSource">The Name of the data source, or else the data source as written.</param>
/// <param name="Error">What it failed with; null when it succeeded.</param>
public sealed record LsmSlowStatement(string Summary, string? Text, TimeSpan Duration, string DataSource, Exception? Error);
