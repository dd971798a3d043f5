namespace LsmTree.Data.Conformance;

public sealed class DataReaderTests(OpenConnectionFixture fixture) : IClassFixture<OpenConnectionFixture>
{
    private DbConnection Connection => fixture.Connection;

    public static TheoryData<string> Uses =>
        ["FieldCount", "GetDataTypeName", "GetFieldType", "GetName", "GetOrdinal", "GetValue", "GetFieldValue", "GetInt32", "IsDBNull", "Read", "NextResult", "HasRows", "GetSchemaTable"];

    public static TheoryData<string> Accessors =>
    [
        "GetValue", "GetFieldValue", "GetInt32", "IsDBNull", "GetBoolean", "GetByte", "GetBytes", "GetChar", "GetChars", "GetDateTime", "GetDecimal", "GetDouble", "GetFloat",
        "GetGuid", "GetInt16", "GetInt64", "GetString", "GetStream", "GetTextReader", "GetValues", "Item",
    ];

    [Fact]
    public void A_reader_survives_its_command()
    {
        var command = Connection.Command("SELECT 'test';");
        using var reader = command.ExecuteReader();
        command.Dispose();
        Assert.True(reader.Read());
        Assert.Equal("test", reader.GetString(0));
    }

    [Fact]
    public void Depth_is_zero()
    {
        using var reader = Execute("SELECT 1;");
        Assert.Equal(0, reader.Depth);
    }

    [Fact]
    public void IsClosed_tells()
    {
        var reader = Execute("SELECT 1;");
        Assert.False(reader.IsClosed);
        reader.Close();
        reader.Close();
        Assert.True(reader.IsClosed);
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_closed_reader_refuses_every_use(string use)
    {
        using var connection = Provider.OpenConnection();
        var reader = connection.Command("SELECT 1 AS id;").ExecuteReader();
        reader.Read();
        reader.Close();
        Assert.Throws<InvalidOperationException>(() => Use(reader, use));
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_reader_is_closed_with_its_connection(string use)
    {
        using var connection = Provider.OpenConnection();
        var reader = connection.Command("SELECT 1 AS id;").ExecuteReader();
        reader.Read();
        connection.Close();
        Assert.True(reader.IsClosed);
        Assert.Throws<InvalidOperationException>(() => Use(reader, use));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void A_column_out_of_range_is_IndexOutOfRange(int ordinal)
    {
        using var reader = Execute("SELECT 1 AS id;");
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetDataTypeName(ordinal));
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetFieldType(ordinal));
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetName(ordinal));
        reader.Read();
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetValue(ordinal));
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetInt32(ordinal));
    }

    [Fact]
    public void An_unknown_name_is_IndexOutOfRange()
    {
        using var reader = Execute("SELECT 1 AS id;");
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetOrdinal("unknown"));
        reader.Read();
        Assert.Throws<IndexOutOfRangeException>(() => reader["unknown"]);
    }

    [Fact]
    public void Names_keep_their_case_and_are_found_in_any()
    {
        using var reader = Execute("SELECT 1 AS Id, 2 AS id, 3 AS Other;");
        Assert.Equal("Id", reader.GetName(0));
        Assert.Equal(0, reader.GetOrdinal("Id"));
        Assert.Equal(1, reader.GetOrdinal("id"));
        Assert.Equal(2, reader.GetOrdinal("OTHER"));
    }

    [Fact]
    public void Metadata_is_there_before_the_first_row_and_after_the_last()
    {
        using var reader = Execute("SELECT 1 AS id, 'x' AS name WHERE 0 = 1;");
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(2, reader.FieldCount);
            Assert.Equal(2, reader.VisibleFieldCount);
            Assert.Equal("id", reader.GetName(0));
            Assert.Equal(typeof(int), reader.GetFieldType(0));
            Assert.Equal(typeof(string), reader.GetFieldType(1));
            Assert.NotEmpty(reader.GetDataTypeName(0));
            Assert.False(reader.Read());
        }
    }

    [Theory]
    [MemberData(nameof(Accessors))]
    public void An_accessor_needs_a_row(string accessor)
    {
        using var reader = Execute("SELECT 1 AS id;");
        Assert.Throws<InvalidOperationException>(() => Use(reader, accessor));
        Assert.True(reader.HasRows);
        Assert.Throws<InvalidOperationException>(() => Use(reader, accessor));
        while (reader.Read())
        {
        }

        Assert.Throws<InvalidOperationException>(() => Use(reader, accessor));
    }

    [Theory]
    [MemberData(nameof(Accessors))]
    public void A_statement_without_rows_has_nothing_to_access(string accessor)
    {
        using var reader = Execute("DELETE FROM kv WHERE 0 = 1;");
        Assert.Throws<InvalidOperationException>(() => Use(reader, accessor));
    }

    [Fact]
    public void A_statement_without_rows_has_no_columns()
    {
        using var reader = Execute("DELETE FROM kv WHERE 0 = 1;");
        Assert.Equal(0, reader.FieldCount);
        Assert.False(reader.HasRows);
        Assert.False(reader.Read());
        Assert.False(reader.NextResult());
        Assert.Equal(0, reader.RecordsAffected);
        Assert.Empty(reader.GetColumnSchema());
        Assert.Null(reader.GetSchemaTable());
        Assert.Throws<InvalidOperationException>(() => reader.GetName(0));
        Assert.Throws<InvalidOperationException>(() => reader.GetFieldType(0));
        Assert.Throws<InvalidOperationException>(() => reader.GetDataTypeName(0));
        Assert.Throws<InvalidOperationException>(() => reader.GetOrdinal("k"));
    }

    [Fact]
    public async Task Cancelled_tokens_give_cancelled_tasks()
    {
        using var reader = Execute("SELECT 1;");
        Assert.True((reader.ReadAsync(Provider.Canceled)).IsCanceled);
        Assert.True(await reader.ReadAsync());
        Assert.True(reader.GetFieldValueAsync<int>(0, Provider.Canceled).IsCanceled);
        Assert.True(reader.IsDBNullAsync(0, Provider.Canceled).IsCanceled);
        Assert.True(reader.NextResultAsync(Provider.Canceled).IsCanceled);
        Assert.Equal(1, await reader.GetFieldValueAsync<int>(0));
        Assert.False(await reader.IsDBNullAsync(0));
    }

    [Fact]
    public async Task Asynchronous_accessors_fail_in_their_task()
    {
        using var reader = Execute("DELETE FROM kv WHERE 0 = 1;");
        var isNull = reader.IsDBNullAsync(0);
        var value = reader.GetFieldValueAsync<object>(0);
        await Assert.ThrowsAsync<InvalidOperationException>(() => isNull);
        await Assert.ThrowsAsync<InvalidOperationException>(() => value);
    }

    [Fact]
    public void GetValues_fills_what_there_is_room_for()
    {
        using var reader = Execute("SELECT 'a', NULL;");
        Assert.True(reader.Read());
        var wide = new object[3];
        Assert.Equal(2, reader.GetValues(wide));
        Assert.Equal(["a", DBNull.Value, null!], wide);
        var exact = new object[2];
        Assert.Equal(2, reader.GetValues(exact));
        Assert.Equal(["a", DBNull.Value], exact);
        Assert.Equal(1, reader.GetValues(new object[1]));
        Assert.Equal(0, reader.GetValues([]));
        Assert.Throws<ArgumentNullException>(() => reader.GetValues(null!));
    }

    [Fact]
    public void DBNull_is_only_read_from_NULL()
    {
        using var reader = Execute("SELECT 1, NULL;");
        Assert.True(reader.Read());
        Assert.Throws<InvalidCastException>(() => reader.GetFieldValue<DBNull>(0));
        Assert.Same(DBNull.Value, reader.GetFieldValue<DBNull>(1));
        Assert.Same(DBNull.Value, reader.GetFieldValue<object>(1));
        Assert.Null(reader.GetFieldValue<int?>(1));
        Assert.Equal(1, reader.GetFieldValue<int?>(0));
        Assert.True(reader.IsDBNull(1));
        Assert.False(reader.IsDBNull(0));
    }

    [Fact]
    public void HasRows_tells_before_and_after_Read_and_for_each_result()
    {
        using var reader = Execute("SELECT 1 WHERE 0 = 1;SELECT 1;");
        Assert.False(reader.HasRows);
        Assert.True(reader.NextResult());
        Assert.True(reader.HasRows);
        Assert.True(reader.HasRows);
        Assert.True(reader.Read());
        Assert.Equal(1, reader.GetInt32(0));
        Assert.True(reader.HasRows);
        Assert.False(reader.Read());
        Assert.True(reader.HasRows);
    }

    [Fact]
    public void Read_and_NextResult_keep_returning_false()
    {
        using var reader = Execute("SELECT '';");
        Assert.True(reader.Read());
        Assert.False(reader.Read());
        Assert.False(reader.Read());
        Assert.False(reader.NextResult());
        Assert.False(reader.NextResult());
        Assert.False(reader.Read());
    }

    [Fact]
    public void Results_follow_one_another()
    {
        using var reader = Execute("SELECT 1; SELECT 'two', 2");
        Assert.True(reader.Read());
        Assert.Equal(1L, reader.GetInt64(0));
        Assert.True(reader.NextResult());
        Assert.Equal(2, reader.FieldCount);
        Assert.True(reader.Read());
        Assert.Equal("two", reader.GetString(0));
        Assert.False(reader.NextResult());
    }

    [Theory]
    [InlineData("SELECT 1 UNION SELECT 2;", CommandBehavior.SingleRow)]
    [InlineData("SELECT 1; SELECT 2; SELECT 3;", CommandBehavior.SingleRow)]
    [InlineData("SELECT 1; SELECT 2; SELECT 3;", CommandBehavior.SingleResult)]
    public void SingleRow_and_SingleResult_give_one(string text, CommandBehavior behavior)
    {
        using var reader = Connection.Command(text).ExecuteReader(behavior);
        Assert.True(reader.Read());
        Assert.Equal(1L, reader.GetInt64(0));
        Assert.False(reader.Read());
        Assert.False(reader.Read());
        Assert.False(reader.NextResult());
    }

    [Fact]
    public void SchemaOnly_gives_columns_and_no_rows()
    {
        using var reader = Connection.Command("SELECT 1 AS id").ExecuteReader(CommandBehavior.SchemaOnly);
        Assert.Equal(1, reader.FieldCount);
        Assert.False(reader.HasRows);
        Assert.False(reader.Read());
        Assert.NotNull(reader.GetSchemaTable());
    }

    [Fact]
    public void RecordsAffected_is_minus_one_for_SELECT_also_when_closed()
    {
        var reader = Execute("SELECT 1;");
        Assert.Equal(-1, reader.RecordsAffected);
        reader.Close();
        Assert.Equal(-1, reader.RecordsAffected);
        reader.Dispose();
        Assert.Equal(-1, reader.RecordsAffected);
    }

    [Fact]
    public void GetColumnSchema_describes_an_expression()
    {
        using var reader = Execute("SELECT 1 AS id;");
        var column = Assert.Single(reader.GetColumnSchema());
        Assert.Equal("id", column.ColumnName);
        Assert.Equal("INTEGER", column.DataTypeName);
        Assert.Equal(typeof(int), column.DataType);
        Assert.Equal(0, column.ColumnOrdinal);
    }

    [Fact]
    public void Several_readers_are_open_on_one_connection()
    {
        using var first = Connection.Command("SELECT 1 UNION ALL SELECT 2").ExecuteReader();
        using var second = Connection.Command("SELECT 'a' UNION ALL SELECT 'b'").ExecuteReader();
        Assert.True(first.Read());
        Assert.True(second.Read());
        Assert.True(first.Read());
        Assert.Equal(2, first.GetInt32(0));
        Assert.Equal("a", second.GetString(0));
    }

    private DbDataReader Execute(string text) => Connection.Command(text).ExecuteReader();

    private static object? Use(DbDataReader reader, string use) => use switch
    {
        "FieldCount" => reader.FieldCount,
        "GetDataTypeName" => reader.GetDataTypeName(0),
        "GetFieldType" => reader.GetFieldType(0),
        "GetName" => reader.GetName(0),
        "GetOrdinal" => reader.GetOrdinal("id"),
        "GetValue" => reader.GetValue(0),
        "GetFieldValue" => reader.GetFieldValue<int>(0),
        "GetInt32" => reader.GetInt32(0),
        "IsDBNull" => reader.IsDBNull(0),
        "Read" => reader.Read(),
        "NextResult" => reader.NextResult(),
        "HasRows" => reader.HasRows,
        "GetSchemaTable" => reader.GetSchemaTable(),
        "GetBoolean" => reader.GetBoolean(0),
        "GetByte" => reader.GetByte(0),
        "GetBytes" => reader.GetBytes(0, 0, null, 0, 0),
        "GetChar" => reader.GetChar(0),
        "GetChars" => reader.GetChars(0, 0, null, 0, 0),
        "GetDateTime" => reader.GetDateTime(0),
        "GetDecimal" => reader.GetDecimal(0),
        "GetDouble" => reader.GetDouble(0),
        "GetFloat" => reader.GetFloat(0),
        "GetGuid" => reader.GetGuid(0),
        "GetInt16" => reader.GetInt16(0),
        "GetInt64" => reader.GetInt64(0),
        "GetString" => reader.GetString(0),
        "GetStream" => reader.GetStream(0),
        "GetTextReader" => reader.GetTextReader(0),
        "GetValues" => reader.GetValues(new object[1]),
        "Item" => reader[0],
        _ => throw new ArgumentOutOfRangeException(nameof(use), use, null),
    };
}
