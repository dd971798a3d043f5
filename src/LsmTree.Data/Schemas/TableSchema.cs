namespace LsmTree.Data.Schemas;

/// <summary>A table: where its rows live and what their columns are. Immutable.</summary>
/// <param name="Id">The 4-byte big-endian prefix of its keys in the store; 0 is the catalogue; never reused. Null id prefix: see <paramref name="IsRaw"/>.</param>
/// <param name="Name">The name in the case of its declaration.</param>
/// <param name="Columns">All columns in order of declaration.</param>
/// <param name="KeyColumns">The columns of the primary key in key order.</param>
/// <param name="IsRaw">True for the one table of a store made by the key-value API: its keys and values are the raw bytes, without prefix.</param>
internal sealed record TableSchema(uint Id, string Name, IReadOnlyList<ColumnSchema> Columns, IReadOnlyList<ColumnSchema> KeyColumns, bool IsRaw = false)
{
    /// <summary>The columns that are not part of the key, in order of declaration.</summary>
    public IReadOnlyList<ColumnSchema> ValueColumns { get; } = [.. Columns.Where(static column => !column.IsKey)];
}
