using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Rows;
using LsmTree.Data.Values;

namespace LsmTree.Data.Schemas;

/// <summary>A table: where its rows live and what their columns are. Immutable.</summary>
/// <param name="Id">The 4-byte big-endian prefix of its keys in the store; 0 is the catalogue; never reused. Null id prefix: see <paramref name="IsRaw"/>.</param>
/// <param name="Name">The name in the case of its declaration.</param>
/// <param name="Columns">All columns in order of declaration.</param>
/// <param name="KeyColumns">The columns of the primary key in key order.</param>
/// <param name="IsRaw">True for the one table of a store made by the key-value API: its keys and values are the raw bytes, without prefix.</param>
internal sealed record TableSchema(uint Id, string Name, IReadOnlyList<ColumnSchema> Columns, IReadOnlyList<ColumnSchema> KeyColumns, bool IsRaw = false)
{
    /// <summary>The most columns of a table.</summary>
    public const int MaxColumns = RowShape.MaxColumns;

    /// <summary>The most columns of a primary key.</summary>
    public const int MaxKeyColumns = 8;

    /// <summary>The columns that are not part of the key, in order of declaration.</summary>
    public IReadOnlyList<ColumnSchema> ValueColumns { get; } = [.. Columns.Where(static column => !column.IsKey)];

    /// <summary>How keys and rows are written and read.</summary>
    public RowShape Shape { get; } = new(
        Id,
        IsRaw,
        [.. KeyColumns.Select(StoredColumnOf)],
        [.. Columns.Where(static column => !column.IsKey).Select(StoredColumnOf)]);

    /// <summary>The column of a name, whatever the case.</summary>
    public bool TryFindColumn(string name, [NotNullWhen(true)] out ColumnSchema? column)
    {
        foreach (var candidate in Columns)
        {
            if (string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                column = candidate;
                return true;
            }
        }

        column = null;
        return false;
    }

    private static StoredColumn StoredColumnOf(ColumnSchema column) =>
        new(column.Ordinal, column.Type, column is { Type: SqlType.Decimal, Precision: > 0 } ? column.Scale : -1);
}
