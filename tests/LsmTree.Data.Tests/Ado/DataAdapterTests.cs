using System.Data;
using System.Data.Common;

namespace LsmTree.Data.Tests.Ado;

public sealed class DataAdapterTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open();

    public DataAdapterTests()
    {
        _connection.Execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, height DOUBLE)");
        _connection.Execute("INSERT INTO people VALUES (1, 'Ann', 1.7), (2, 'Ben', NULL)");
    }

    [Fact]
    public void A_DataTable_loads_a_reader_with_its_key()
    {
        using var reader = _connection.Command("SELECT * FROM people").ExecuteReader();
        var table = new DataTable();
        table.Load(reader);
        Assert.Equal(2, table.Rows.Count);
        Assert.Equal(typeof(int), table.Columns["id"]!.DataType);
        Assert.Equal("id", Assert.Single(table.PrimaryKey).ColumnName);
        Assert.False(table.Columns["name"]!.AllowDBNull);
        Assert.Equal("Ann", table.Rows.Find(1)!["name"]);
        Assert.Equal(DBNull.Value, table.Rows.Find(2)!["height"]);
    }

    [Fact]
    public void An_adapter_fills_and_a_builder_writes_the_changes_back()
    {
        using var adapter = new LsmDataAdapter("SELECT id, name, height FROM people", _connection);
        using var builder = new LsmCommandBuilder(adapter);
        var updating = 0;
        var updated = 0;
        adapter.RowUpdating += (_, _) => updating++;
        adapter.RowUpdated += (_, _) => updated++;
        var table = new DataTable();
        Assert.Equal(2, adapter.Fill(table));
        table.Rows[0]["name"] = "Anna";
        table.Rows[1].Delete();
        table.Rows.Add(3, "Cem", 1.8);
        Assert.Equal(3, adapter.Update(table));
        Assert.Equal(3, updating);
        Assert.Equal(3, updated);
        Assert.Equal("Anna", _connection.Scalar("SELECT name FROM people WHERE id = 1"));
        Assert.Null(_connection.Scalar("SELECT name FROM people WHERE id = 2"));
        Assert.Equal(1.8, _connection.Scalar("SELECT height FROM people WHERE id = 3"));
    }

    [Fact]
    public void A_builder_gives_each_parameter_the_type_of_its_column()
    {
        _connection.Execute("CREATE TABLE typed (id UINT16 PRIMARY KEY, price MONEY, at TIMESTAMPTZ, what ANY, day DATE)");
        using var adapter = new LsmDataAdapter("SELECT * FROM typed", _connection);
        using var builder = new LsmCommandBuilder(adapter);
        var types = builder.GetInsertCommand().Parameters.Cast<LsmDbParameter>().Select(static parameter => parameter.DbType);
        Assert.Equal([DbType.UInt16, DbType.Currency, DbType.DateTimeOffset, DbType.String, DbType.Date], types);
    }

    [Fact]
    public void A_row_that_somebody_else_changed_is_a_concurrency_error()
    {
        using var adapter = new LsmDataAdapter("SELECT id, name, height FROM people", _connection);
        using var builder = new LsmCommandBuilder(adapter);
        var table = new DataTable();
        adapter.Fill(table);
        table.Rows[0]["name"] = "Anna";
        _connection.Execute("UPDATE people SET name = 'Annette' WHERE id = 1");
        Assert.Throws<DBConcurrencyException>(() => adapter.Update(table));
        Assert.Equal("Annette", _connection.Scalar("SELECT name FROM people WHERE id = 1"));
    }

    [Fact]
    public void FillSchema_knows_the_key_without_reading_rows()
    {
        using var adapter = new LsmDataAdapter("SELECT * FROM people", _connection);
        var table = new DataTable();
        adapter.FillSchema(table, SchemaType.Source);
        Assert.Empty(table.Rows);
        Assert.Equal("id", Assert.Single(table.PrimaryKey).ColumnName);
    }

    [Fact]
    public void Statements_are_written_with_quotes_and_parameters()
    {
        using var adapter = new LsmDataAdapter("SELECT id, name FROM people", _connection);
        using var builder = new LsmCommandBuilder(adapter);
        Assert.Equal("INSERT INTO \"people\" (\"id\", \"name\") VALUES (@p1, @p2)", builder.GetInsertCommand().CommandText);
        Assert.Equal(DbType.Int32, builder.GetInsertCommand().Parameters[0].DbType);
        Assert.StartsWith("DELETE FROM \"people\" WHERE", builder.GetDeleteCommand().CommandText, StringComparison.Ordinal);
        Assert.StartsWith("UPDATE \"people\" SET", builder.GetUpdateCommand(useColumnsForParameterNames: true).CommandText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("with \"quotes\"", "\"with \"\"quotes\"\"\"")]
    [InlineData("", "\"\"")]
    public void Identifiers_are_quoted_and_unquoted(string name, string quoted)
    {
        using var builder = new LsmCommandBuilder();
        Assert.Equal(quoted, builder.QuoteIdentifier(name));
        Assert.Equal(name, builder.UnquoteIdentifier(quoted));
        Assert.Throws<ArgumentException>(() => builder.QuotePrefix = "<");
    }

    [Fact]
    public void A_DataSet_takes_several_results()
    {
        using var adapter = new LsmDataAdapter("SELECT id FROM people; SELECT name FROM people WHERE id = 1", _connection);
        var set = new DataSet();
        adapter.Fill(set);
        Assert.Equal(2, set.Tables.Count);
        Assert.Equal(2, set.Tables[0].Rows.Count);
        Assert.Equal("Ann", set.Tables[1].Rows[0]["name"]);
    }

    [Fact]
    public void An_adapter_opens_and_closes_a_closed_connection()
    {
        using var connection = new LsmConnection("Data Source=:memory:");
        using var adapter = new LsmDataAdapter(new LsmCommand("SELECT 1 AS one", connection, null));
        var table = new DataTable();
        Assert.Equal(1, adapter.Fill(table));
        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public void Rows_enumerate_as_records()
    {
        using var reader = _connection.Command("SELECT name FROM people ORDER BY id").ExecuteReader();
        Assert.Equal(["Ann", "Ben"], reader.Cast<DbDataRecord>().Select(static record => record.GetString(0)));
    }

    public void Dispose() => _connection.Dispose();
}
