using System.Data;
using System.Data.Common;
using System.Globalization;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>The tables of GetSchema.</summary>
internal static class SchemaCollections
{
    private const string Tables = "Tables";
    private const string Columns = "Columns";
    private const string Indexes = "Indexes";
    private const string IndexColumns = "IndexColumns";
    private const string PrimaryKey = "PRIMARY KEY";

    private static readonly Collection[] s_collections =
    [
        new(DbMetaDataCollectionNames.MetaDataCollections, [], 0, static (_, table) => AddCollections(table)),
        new(DbMetaDataCollectionNames.DataSourceInformation, [], 0, static (connection, table) => AddDataSourceInformation(connection, table)),
        new(DbMetaDataCollectionNames.DataTypes, [], 0, static (_, table) => AddDataTypes(table)),
        new(DbMetaDataCollectionNames.ReservedWords, [], 0, static (_, table) => AddReservedWords(table)),
        new(DbMetaDataCollectionNames.Restrictions, [], 0, static (_, table) => AddRestrictions(table)),
        new(Tables, ["TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "TABLE_TYPE"], 3, static (connection, table) => AddTables(connection, table)),
        new(Columns, ["TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME"], 4, static (connection, table) => AddColumns(connection, table)),
        new(Indexes, ["TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "INDEX_NAME"], 4, static (connection, table) => AddIndexes(connection, table)),
        new(IndexColumns, ["TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "INDEX_NAME", "COLUMN_NAME"], 5, static (connection, table) => AddIndexColumns(connection, table)),
    ];

    /// <summary>The words that are no identifier without quotes: the grammar's rule reservedWord.</summary>
    private static readonly string[] s_reservedWords =
    [
        "ALL", "AND", "AS", "ASC", "BETWEEN", "CASE", "CAST", "CHECK", "COLLATE", "CONSTRAINT", "CREATE", "CROSS", "DEFAULT", "DESC", "DISTINCT", "ELSE", "END",
        "EXCEPT", "EXISTS", "FALSE", "FETCH", "FOR", "FOREIGN", "FROM", "FULL", "GROUP", "HAVING", "ILIKE", "IN", "INNER", "INTERSECT", "INTO", "IS", "JOIN",
        "LEFT", "LIKE", "LIMIT", "NATURAL", "NOT", "NULL", "OFFSET", "ON", "OR", "ORDER", "OUTER", "PRIMARY", "REFERENCES", "RETURNING", "RIGHT", "SELECT",
        "SIMILAR", "TABLE", "THEN", "TO", "TRUE", "UNION", "UNIQUE", "USING", "VALUES", "WHEN", "WHERE", "WINDOW", "WITH",
    ];

    public static DataTable Get(LsmConnection connection, string name, string?[] restrictions)
    {
        var collection = Array.Find(s_collections, candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"The schema collection '{name}' is unknown; known are {string.Join(", ", s_collections.Select(static known => known.Name))}.", nameof(name));
        if (restrictions.Length > collection.Restrictions.Length)
        {
            throw new ArgumentException($"The schema collection {collection.Name} has {collection.Restrictions.Length} restrictions, not {restrictions.Length}.", nameof(restrictions));
        }

        var table = new DataTable(collection.Name) { Locale = CultureInfo.InvariantCulture };
        collection.Fill(connection, table);
        for (var row = table.Rows.Count - 1; row >= 0; row--)
        {
            if (!Matches(table.Rows[row], collection, restrictions))
            {
                table.Rows.RemoveAt(row);
            }
        }

        table.AcceptChanges();
        return table;
    }

    private static bool Matches(DataRow row, Collection collection, string?[] restrictions)
    {
        for (var index = 0; index < restrictions.Length; index++)
        {
            // A directory has one catalogue and no schemas: only a name that is asked for and there can differ.
            if (restrictions[index] is { } wanted && row[collection.Restrictions[index]] is string actual && !actual.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private static void AddCollections(DataTable table)
    {
        Layout(table, (DbMetaDataColumnNames.CollectionName, typeof(string)), (DbMetaDataColumnNames.NumberOfRestrictions, typeof(int)), (DbMetaDataColumnNames.NumberOfIdentifierParts, typeof(int)));
        foreach (var collection in s_collections)
        {
            table.Rows.Add(collection.Name, collection.Restrictions.Length, collection.IdentifierParts);
        }
    }

    private static void AddRestrictions(DataTable table)
    {
        Layout(table, (DbMetaDataColumnNames.CollectionName, typeof(string)), ("RestrictionName", typeof(string)), ("RestrictionDefault", typeof(string)), ("RestrictionNumber", typeof(int)));
        foreach (var collection in s_collections)
        {
            for (var index = 0; index < collection.Restrictions.Length; index++)
            {
                table.Rows.Add(collection.Name, collection.Restrictions[index], collection.Restrictions[index], index + 1);
            }
        }
    }

    private static void AddReservedWords(DataTable table)
    {
        Layout(table, (DbMetaDataColumnNames.ReservedWord, typeof(string)));
        foreach (var word in s_reservedWords)
        {
            table.Rows.Add(word);
        }
    }

    private static void AddDataSourceInformation(LsmConnection connection, DataTable table)
    {
        (string Name, object Value)[] facts =
        [
            (DbMetaDataColumnNames.CompositeIdentifierSeparatorPattern, "\\."),
            (DbMetaDataColumnNames.DataSourceProductName, "LsmTree"),
            (DbMetaDataColumnNames.DataSourceProductVersion, connection.ServerVersion),
            (DbMetaDataColumnNames.DataSourceProductVersionNormalized, connection.ServerVersion),
            (DbMetaDataColumnNames.GroupByBehavior, (int)GroupByBehavior.NotSupported),
            (DbMetaDataColumnNames.IdentifierPattern, "[\\p{L}_][\\p{L}\\p{N}_]*"),
            (DbMetaDataColumnNames.IdentifierCase, (int)IdentifierCase.Insensitive),
            (DbMetaDataColumnNames.OrderByColumnsInSelect, false),
            (DbMetaDataColumnNames.ParameterMarkerFormat, "{0}"),
            (DbMetaDataColumnNames.ParameterMarkerPattern, "[@:$][\\p{L}\\p{N}_]+"),
            (DbMetaDataColumnNames.ParameterNameMaxLength, 128),
            (DbMetaDataColumnNames.ParameterNamePattern, "^[\\p{L}\\p{N}_]+$"),
            (DbMetaDataColumnNames.QuotedIdentifierPattern, "\"(([^\"]|\"\")*)\""),
            (DbMetaDataColumnNames.QuotedIdentifierCase, (int)IdentifierCase.Insensitive),
            (DbMetaDataColumnNames.StatementSeparatorPattern, ";"),
            (DbMetaDataColumnNames.StringLiteralPattern, "'(([^']|'')*)'"),
            (DbMetaDataColumnNames.SupportedJoinOperators, (int)SupportedJoinOperators.None),
        ];
        foreach (var (name, value) in facts)
        {
            table.Columns.Add(name, value.GetType());
        }

        table.Rows.Add(Array.ConvertAll(facts, static fact => fact.Value));
    }

    private static void AddDataTypes(DataTable table)
    {
        Layout(
            table,
            (DbMetaDataColumnNames.TypeName, typeof(string)),
            (DbMetaDataColumnNames.ProviderDbType, typeof(int)),
            (DbMetaDataColumnNames.ColumnSize, typeof(long)),
            (DbMetaDataColumnNames.CreateFormat, typeof(string)),
            (DbMetaDataColumnNames.CreateParameters, typeof(string)),
            (DbMetaDataColumnNames.DataType, typeof(string)),
            (DbMetaDataColumnNames.IsBestMatch, typeof(bool)),
            (DbMetaDataColumnNames.IsCaseSensitive, typeof(bool)),
            (DbMetaDataColumnNames.IsFixedLength, typeof(bool)),
            (DbMetaDataColumnNames.IsNullable, typeof(bool)),
            (DbMetaDataColumnNames.IsSearchable, typeof(bool)),
            (DbMetaDataColumnNames.IsUnsigned, typeof(bool)));
        for (var type = SqlType.Boolean; type <= SqlType.Any; type++)
        {
            var name = SqlTypes.NameOf(type);
            var width = SqlTypes.KeyWidthOf(type);
            var isDecimal = type == SqlType.Decimal;
            table.Rows.Add(
                name,
                (int)LsmTypes.Of(type),
                width > 0 ? width : DBNull.Value,
                isDecimal ? "DECIMAL({0},{1})" : name,
                isDecimal ? "precision,scale" : DBNull.Value,
                SqlTypes.ClrTypeOf(type).FullName,
                type is not SqlType.Money and not SqlType.Date,
                type == SqlType.Text,
                width > 0,
                true,
                true,
                SqlTypes.IsNumeric(type) ? SqlTypes.IsUnsigned(type) : DBNull.Value);
        }
    }

    private static void AddTables(LsmConnection connection, DataTable table)
    {
        Layout(table, ("TABLE_CATALOG", typeof(string)), ("TABLE_SCHEMA", typeof(string)), ("TABLE_NAME", typeof(string)), ("TABLE_TYPE", typeof(string)));
        foreach (var schema in connection.OpenSession().Tables())
        {
            table.Rows.Add(connection.Database, DBNull.Value, schema.Name, "TABLE");
        }
    }

    private static void AddColumns(LsmConnection connection, DataTable table)
    {
        Layout(
            table,
            ("TABLE_CATALOG", typeof(string)),
            ("TABLE_SCHEMA", typeof(string)),
            ("TABLE_NAME", typeof(string)),
            ("COLUMN_NAME", typeof(string)),
            ("ORDINAL_POSITION", typeof(int)),
            ("IS_NULLABLE", typeof(string)),
            ("DATA_TYPE", typeof(string)),
            ("NUMERIC_PRECISION", typeof(int)),
            ("NUMERIC_SCALE", typeof(int)),
            ("PRIMARY_KEY_POSITION", typeof(int)));
        foreach (var schema in connection.OpenSession().Tables())
        {
            foreach (var column in schema.Columns)
            {
                table.Rows.Add(
                    connection.Database,
                    DBNull.Value,
                    schema.Name,
                    column.Name,
                    column.Ordinal + 1,
                    column.Nullable ? "YES" : "NO",
                    SqlTypes.NameOf(column.Type, column.Precision, column.Scale, column.Length),
                    column.Precision > 0 ? column.Precision : DBNull.Value,
                    column.Precision > 0 ? column.Scale : DBNull.Value,
                    column.IsKey ? column.KeyPosition + 1 : DBNull.Value);
            }
        }
    }

    private static void AddIndexes(LsmConnection connection, DataTable table)
    {
        Layout(
            table,
            ("TABLE_CATALOG", typeof(string)),
            ("TABLE_SCHEMA", typeof(string)),
            ("TABLE_NAME", typeof(string)),
            ("INDEX_NAME", typeof(string)),
            ("IS_UNIQUE", typeof(bool)),
            ("IS_PRIMARY_KEY", typeof(bool)));
        foreach (var schema in connection.OpenSession().Tables())
        {
            table.Rows.Add(connection.Database, DBNull.Value, schema.Name, PrimaryKey, true, true);
        }
    }

    private static void AddIndexColumns(LsmConnection connection, DataTable table)
    {
        Layout(
            table,
            ("TABLE_CATALOG", typeof(string)),
            ("TABLE_SCHEMA", typeof(string)),
            ("TABLE_NAME", typeof(string)),
            ("INDEX_NAME", typeof(string)),
            ("COLUMN_NAME", typeof(string)),
            ("ORDINAL_POSITION", typeof(int)));
        foreach (var schema in connection.OpenSession().Tables())
        {
            foreach (var column in schema.KeyColumns)
            {
                table.Rows.Add(connection.Database, DBNull.Value, schema.Name, PrimaryKey, column.Name, column.KeyPosition + 1);
            }
        }
    }

    private static void Layout(DataTable table, params ReadOnlySpan<(string Name, Type Type)> columns)
    {
        foreach (var (name, type) in columns)
        {
            table.Columns.Add(name, type);
        }
    }

    /// <param name="Name">The name that GetSchema takes.</param>
    /// <param name="Restrictions">The columns that can be restricted, in order.</param>
    /// <param name="IdentifierParts">How many names it takes to name one of its rows.</param>
    /// <param name="Fill">Gives the table its columns and all rows.</param>
    private sealed record Collection(string Name, string[] Restrictions, int IdentifierParts, Action<LsmConnection, DataTable> Fill);
}
