using System.Collections.ObjectModel;
using System.Data;
using System.Data.Common;
using System.Globalization;
using LsmTree.Data.Schemas;

namespace LsmTree.Data;

/// <summary>The columns of a result as ADO.NET describes them: as DbColumn objects, and as the schema table that adapters and command builders read.</summary>
internal static class ReaderSchema
{
    public static ReadOnlyCollection<DbColumn> ToColumns(ResultColumn[] columns, LsmConnection connection)
    {
        var described = new DbColumn[columns.Length];
        for (var ordinal = 0; ordinal < columns.Length; ordinal++)
        {
            var column = columns[ordinal];
            described[ordinal] = new LsmDbColumn(column, ordinal, connection.Database, column.IsKey && IsWholeKey(column, connection));
        }

        return Array.AsReadOnly(described);
    }

    public static DataTable? ToTable(ResultColumn[] columns, LsmConnection connection)
    {
        if (columns.Length == 0)
        {
            return null;
        }

        var table = new DataTable("SchemaTable") { Locale = CultureInfo.InvariantCulture };
        foreach (var (name, type) in Layout())
        {
            table.Columns.Add(name, type);
        }

        foreach (LsmDbColumn column in ToColumns(columns, connection))
        {
            table.Rows.Add(
                column.ColumnName,
                column.ColumnOrdinal,
                column.ColumnSize ?? -1,
                OrNull((short?)column.NumericPrecision),
                OrNull((short?)column.NumericScale),
                column.DataType,
                (int)column.LsmType,
                false,
                column.AllowDBNull,
                column.IsReadOnly,
                false,
                column.IsUnique,
                column.IsKey,
                column.IsAutoIncrement,
                column.IsAliased,
                column.IsExpression,
                column.IsHidden,
                DBNull.Value,
                OrNull(column.BaseCatalogName),
                DBNull.Value,
                OrNull(column.BaseTableName),
                OrNull(column.BaseColumnName),
                column.DataType,
                column.DataTypeName);
        }

        return table;
    }

    private static (string Name, Type Type)[] Layout() =>
    [
        (SchemaTableColumn.ColumnName, typeof(string)),
        (SchemaTableColumn.ColumnOrdinal, typeof(int)),
        (SchemaTableColumn.ColumnSize, typeof(int)),
        (SchemaTableColumn.NumericPrecision, typeof(short)),
        (SchemaTableColumn.NumericScale, typeof(short)),
        (SchemaTableColumn.DataType, typeof(Type)),
        (SchemaTableColumn.ProviderType, typeof(int)),
        (SchemaTableColumn.IsLong, typeof(bool)),
        (SchemaTableColumn.AllowDBNull, typeof(bool)),
        (SchemaTableOptionalColumn.IsReadOnly, typeof(bool)),
        (SchemaTableOptionalColumn.IsRowVersion, typeof(bool)),
        (SchemaTableColumn.IsUnique, typeof(bool)),
        (SchemaTableColumn.IsKey, typeof(bool)),
        (SchemaTableOptionalColumn.IsAutoIncrement, typeof(bool)),
        (SchemaTableColumn.IsAliased, typeof(bool)),
        (SchemaTableColumn.IsExpression, typeof(bool)),
        (SchemaTableOptionalColumn.IsHidden, typeof(bool)),
        (SchemaTableColumn.BaseSchemaName, typeof(string)),
        (SchemaTableOptionalColumn.BaseCatalogName, typeof(string)),
        (SchemaTableOptionalColumn.BaseServerName, typeof(string)),
        (SchemaTableColumn.BaseTableName, typeof(string)),
        (SchemaTableColumn.BaseColumnName, typeof(string)),
        (SchemaTableOptionalColumn.ProviderSpecificDataType, typeof(Type)),
        ("DataTypeName", typeof(string)),
    ];

    private static object OrNull(object? value) => value ?? DBNull.Value;

    /// <summary>True when a key column is its table's only one.</summary>
    private static bool IsWholeKey(ResultColumn column, LsmConnection connection)
    {
        foreach (var table in connection.OpenSession().Tables())
        {
            if (table.Name.Equals(column.BaseTable, StringComparison.OrdinalIgnoreCase))
            {
                return table.KeyColumns.Count == 1;
            }
        }

        return false;
    }
}
