using System.Data;
using System.Data.Common;
using LsmTree.Data.Parsing.Generated;

namespace LsmTree.Data.Tests.Ado;

public sealed class SchemaTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open();

    public SchemaTests() => _connection.Execute("CREATE TABLE Orders (customer TEXT, number INTEGER, total DECIMAL(10,2) NOT NULL, note VARCHAR(20), PRIMARY KEY (customer, number))");

    [Fact]
    public void Collections_and_restrictions_describe_themselves()
    {
        var collections = Rows(_connection.GetSchema());
        Assert.Equal(
            ["MetaDataCollections", "DataSourceInformation", "DataTypes", "ReservedWords", "Restrictions", "Tables", "Columns", "Indexes", "IndexColumns"],
            collections.Select(static row => (string)row["CollectionName"]));
        var restrictions = Rows(_connection.GetSchema("Restrictions"));
        foreach (var collection in collections)
        {
            Assert.Equal((int)collection["NumberOfRestrictions"], restrictions.Count(row => (string)row["CollectionName"] == (string)collection["CollectionName"]));
            Assert.Equal((string)collection["CollectionName"], _connection.GetSchema((string)collection["CollectionName"]).TableName);
        }
    }

    [Theory]
    [InlineData("SELECT note FROM Orders", "VARCHAR(20)", 20)]
    [InlineData("SELECT CAST(number AS VARCHAR(3)) FROM Orders", "VARCHAR(3)", 3)]
    [InlineData("SELECT CAST('abcd' AS VARCHAR(3))", "VARCHAR(3)", 3)]
    [InlineData("SELECT CAST(X'00' AS VARBINARY(7))", "VARBINARY(7)", 7)]
    [InlineData("SELECT number FROM Orders", "INTEGER", 4)]
    [InlineData("SELECT customer FROM Orders", "TEXT", null)]
    public void A_result_tells_the_length_of_its_type(string text, string type, int? length)
    {
        using var reader = _connection.Command(text).ExecuteReader();
        Assert.Equal(type, reader.GetDataTypeName(0));
        Assert.Equal(length, reader.GetColumnSchema()[0].ColumnSize);
        Assert.Equal(length ?? -1, reader.GetSchemaTable()!.Rows[0][SchemaTableColumn.ColumnSize]);
    }

    [Fact]
    public void Tables_are_found_by_any_restriction()
    {
        Assert.Equal(["kv", "Orders"], Names(_connection.GetSchema("Tables"), "TABLE_NAME"));
        Assert.Equal(["Orders"], Names(_connection.GetSchema("tables", [null, null, "orders", null]), "TABLE_NAME"));
        Assert.Equal(["Orders"], Names(_connection.GetSchema("Tables", [null, null, "orders", "TABLE"]), "TABLE_NAME"));
        Assert.Empty(Names(_connection.GetSchema("Tables", [null, null, "orders", "VIEW"]), "TABLE_NAME"));
        Assert.Empty(Names(_connection.GetSchema("Tables", ["elsewhere"]), "TABLE_NAME"));
    }

    [Fact]
    public void Columns_have_types_and_places()
    {
        var columns = Rows(_connection.GetSchema("Columns", [null, null, "Orders"]));
        Assert.Equal(["customer", "number", "total", "note"], columns.Select(static row => (string)row["COLUMN_NAME"]));
        Assert.Equal(["TEXT", "INTEGER", "DECIMAL(10,2)", "VARCHAR(20)"], columns.Select(static row => (string)row["DATA_TYPE"]));
        Assert.Equal([1, 2, 3, 4], columns.Select(static row => (int)row["ORDINAL_POSITION"]));
        Assert.Equal(["NO", "NO", "NO", "YES"], columns.Select(static row => (string)row["IS_NULLABLE"]));
        Assert.Equal([1, 2, DBNull.Value, DBNull.Value], columns.Select(static row => row["PRIMARY_KEY_POSITION"]));
        Assert.Single(Rows(_connection.GetSchema("Columns", [null, null, "Orders", "NOTE"])));
    }

    [Fact]
    public void Keys_are_indexes()
    {
        var index = Assert.Single(Rows(_connection.GetSchema("Indexes", [null, null, "Orders"])));
        Assert.True((bool)index["IS_UNIQUE"]);
        Assert.Equal(["customer", "number"], Names(_connection.GetSchema("IndexColumns", [null, null, "Orders", null]), "COLUMN_NAME"));
    }

    [Fact]
    public void Types_and_words_are_listed()
    {
        var types = Rows(_connection.GetSchema("DataTypes"));
        Assert.Equal(21, types.Count);
        Assert.Contains(types, static row => (string)row["TypeName"] == "BIGINT" && (int)row["ProviderDbType"] == (int)LsmType.BigInt && (string)row["DataType"] == "System.Int64");
        foreach (var row in types.Where(static row => row["CreateParameters"] is DBNull))
        {
            _connection.Execute($"CREATE TABLE typed (k INTEGER PRIMARY KEY, v {row["CreateFormat"]}); DROP TABLE typed");
        }
    }

    [Fact]
    public void A_listed_type_is_one_that_a_parameter_takes()
    {
        var types = Rows(_connection.GetSchema("DataTypes"));
        Assert.Equal(Enum.GetValues<LsmType>(), types.Select(static row => (LsmType)(int)row["ProviderDbType"]).Order());
        _connection.Execute($"CREATE TABLE every (k INTEGER PRIMARY KEY{string.Concat(types.Select(static (row, place) => $", c{place} {row["TypeName"]}"))})");
        using var reader = _connection.Command("SELECT * FROM every").ExecuteReader();
        var columns = Rows(reader.GetSchemaTable()!)[1..];
        for (var place = 0; place < types.Count; place++)
        {
            var listed = (LsmType)(int)types[place]["ProviderDbType"];
            Assert.Equal(listed, (LsmType)(int)columns[place][SchemaTableColumn.ProviderType]);
            var parameter = new LsmParameter("p", Value(Type.GetType((string)types[place]["DataType"])!)) { LsmType = listed };
            _connection.Execute("DELETE FROM every");
            using var insert = _connection.Command($"INSERT INTO every (k, c{place}) VALUES (1, @p)");
            insert.Parameters.Add(parameter);
            insert.ExecuteNonQuery();
            Assert.Equal(parameter.Value, _connection.Scalar($"SELECT c{place} FROM every"));
        }

        static object Value(Type type) =>
            type == typeof(string) ? "text"
            : type == typeof(byte[]) ? new byte[] { 1, 2 }
            : type == typeof(object) ? 5
            : Activator.CreateInstance(type)!;
    }

    [Fact]
    public void Exactly_the_reserved_words_need_quotes()
    {
        var reserved = Rows(_connection.GetSchema("ReservedWords")).Select(static row => (string)row["ReservedWord"]).ToHashSet();
        var vocabulary = LsmSqlLexer.DefaultVocabulary;
        for (var token = 1; token < LsmSqlLexer.QUOTED_IDENTIFIER; token++)
        {
            var word = vocabulary.GetLiteralName(token)?.Trim('\'') ?? "";
            if (!word.All(char.IsAsciiLetter) || word.Length == 0)
            {
                continue;
            }

            var bare = Record.Exception(() => _connection.Execute($"CREATE TABLE {word} (k INTEGER PRIMARY KEY); DROP TABLE {word}"));
            Assert.True(reserved.Contains(word) == bare is LsmException, $"{word}: {bare?.Message}");
            _connection.Execute($"CREATE TABLE \"{word}\" (k INTEGER PRIMARY KEY); DROP TABLE \"{word}\"");
        }

        Assert.Contains("SELECT", reserved);
    }

    [Fact]
    public void DataSourceInformation_is_one_row()
    {
        var row = Assert.Single(Rows(_connection.GetSchema(DbMetaDataCollectionNames.DataSourceInformation)));
        Assert.Equal("LsmTree", row[DbMetaDataColumnNames.DataSourceProductName]);
        Assert.Equal(_connection.ServerVersion, row[DbMetaDataColumnNames.DataSourceProductVersion]);
    }

    [Fact]
    public void Unknown_collections_and_too_many_restrictions_are_refused()
    {
        Assert.Throws<ArgumentException>(() => _connection.GetSchema("Views"));
        Assert.Throws<ArgumentException>(() => _connection.GetSchema("Tables", [null, null, null, null, null]));
        _connection.Close();
        Assert.Throws<InvalidOperationException>(() => _connection.GetSchema("Tables"));
    }

    [Fact]
    public void GetSchemaTable_tells_keys_and_origins()
    {
        using var reader = _connection.Command("SELECT customer AS who, number, total + 1 AS more FROM Orders").ExecuteReader();
        var rows = Rows(reader.GetSchemaTable()!);
        Assert.Equal(["who", "number", "more"], rows.Select(static row => (string)row[SchemaTableColumn.ColumnName]));
        Assert.Equal(["customer", "number", DBNull.Value], rows.Select(static row => row[SchemaTableColumn.BaseColumnName]));
        Assert.Equal(["Orders", "Orders", DBNull.Value], rows.Select(static row => row[SchemaTableColumn.BaseTableName]));
        Assert.Equal([true, true, false], rows.Select(static row => (bool)row[SchemaTableColumn.IsKey]));
        Assert.Equal([false, false, false], rows.Select(static row => (bool)row[SchemaTableColumn.IsUnique]));
        Assert.Equal([true, false, false], rows.Select(static row => (bool)row[SchemaTableColumn.IsAliased]));
        Assert.Equal([false, false, true], rows.Select(static row => (bool)row[SchemaTableColumn.IsExpression]));
        Assert.Equal([typeof(string), typeof(int), typeof(decimal)], rows.Select(static row => (Type)row[SchemaTableColumn.DataType]));
    }

    [Fact]
    public void GetColumnSchema_tells_declared_types()
    {
        using var reader = _connection.Command("SELECT * FROM Orders").ExecuteReader();
        var columns = reader.GetColumnSchema().Cast<LsmDbColumn>().ToList();
        Assert.Equal([DbType.String, DbType.Int32, DbType.Decimal, DbType.String], columns.Select(static column => column.DbType));
        Assert.Equal("DECIMAL(10,2)", columns[2].DataTypeName);
        Assert.Equal(10, columns[2].NumericPrecision);
        Assert.Equal(2, columns[2].NumericScale);
        Assert.Equal([false, false, false, true], columns.Select(static column => column.AllowDBNull));
        Assert.All(columns, static column => Assert.Equal("Orders", column.BaseTableName));
    }

    public void Dispose() => _connection.Dispose();

    private static List<DataRow> Rows(DataTable table) => [.. table.Rows.Cast<DataRow>()];

    private static IEnumerable<string> Names(DataTable table, string column) => Rows(table).Select(row => (string)row[column]);
}
