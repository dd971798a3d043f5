using System.Data;

namespace LsmTree.Data.Tests.Ado;

public sealed class CommandTests
{
    [Fact]
    public void RecordsAffected_counts_what_was_written()
    {
        using var connection = Memory.Open();
        Assert.Equal(-1, connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)"));
        Assert.Equal(3, connection.Execute("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')"));
        Assert.Equal(2, connection.Execute("UPDATE t SET v = 'x' WHERE id > 1"));
        Assert.Equal(2, connection.Execute("UPSERT INTO t VALUES (3, 'z'), (4, 'd')"));
        Assert.Equal(0, connection.Execute("DELETE FROM t WHERE id = 99"));
        Assert.Equal(1, connection.Execute("DELETE FROM t WHERE id = 1"));
        Assert.Equal(3, connection.Execute("DELETE FROM t"));
        Assert.Equal(2, connection.Execute("INSERT INTO t VALUES (1, 'a'); SELECT 1; INSERT INTO t VALUES (2, 'b')"));
    }

    [Fact]
    public void A_plan_is_made_anew_when_the_tables_change()
    {
        using var connection = Memory.Open();
        connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
        connection.Execute("INSERT INTO t VALUES (1, 'a')");
        using var command = connection.Command("SELECT * FROM t");
        Assert.Equal(1, command.ExecuteScalar());
        connection.Execute("DROP TABLE t");
        Assert.Equal("42P01", Assert.Throws<LsmException>(() => command.ExecuteScalar()).SqlState);
        connection.Execute("CREATE TABLE t (name TEXT PRIMARY KEY)");
        connection.Execute("INSERT INTO t VALUES ('b')");
        using var reader = command.ExecuteReader();
        Assert.Equal("name", reader.GetName(0));
        Assert.True(reader.Read());
        Assert.Equal("b", reader.GetString(0));
    }

    [Fact]
    public void A_command_moves_to_another_store()
    {
        using var one = Memory.Open();
        using var other = Memory.Open();
        one.Execute("CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
        other.Execute("CREATE TABLE t (b TEXT PRIMARY KEY); INSERT INTO t VALUES ('x')");
        using var command = one.Command("SELECT * FROM t");
        Assert.Equal(1, command.ExecuteScalar());
        command.Connection = other;
        Assert.Equal("x", command.ExecuteScalar());
    }

    [Fact]
    public void The_reader_of_a_command_is_opened_anew()
    {
        using var connection = Memory.Open();
        using var command = connection.Command("SELECT @v");
        var parameter = command.Parameters.Add(new LsmParameter<int>("v", 1));
        var first = command.ExecuteReader();
        Assert.True(first.Read());
        Assert.Equal(1, first.GetInt32(0));
        first.Dispose();
        Assert.Throws<InvalidOperationException>(() => first.GetInt32(0));
        parameter.TypedValue = 2;
        using var second = command.ExecuteReader();
        Assert.True(second.Read());
        Assert.Equal(2, second.GetInt32(0));
    }

    [Theory]
    [InlineData("FLUSH")]
    [InlineData("compact")]
    [InlineData("BEGIN")]
    public void One_word_statements_may_come_as_stored_procedures(string text)
    {
        using var connection = Memory.Open();
        using var command = connection.Command(text);
        command.CommandType = CommandType.StoredProcedure;
        Assert.Equal(-1, command.ExecuteNonQuery());
    }

    [Fact]
    public void Stored_procedures_and_tables_are_not_supported()
    {
        using var connection = Memory.Open();
        using var command = connection.Command("my_procedure");
        command.CommandType = CommandType.StoredProcedure;
        Assert.Throws<NotSupportedException>(() => command.ExecuteNonQuery());
        Assert.Throws<NotSupportedException>(() => command.CommandType = CommandType.TableDirect);
    }

    [Fact]
    public void SchemaOnly_executes_nothing()
    {
        using var connection = Memory.Open();
        connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY)");
        using (var reader = connection.Command("INSERT INTO t VALUES (1) RETURNING id; INSERT INTO t VALUES (2); SELECT id FROM t").ExecuteReader(CommandBehavior.SchemaOnly))
        {
            Assert.Equal("id", reader.GetName(0));
            Assert.False(reader.Read());
        }

        Assert.Equal(0L, connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void SchemaOnly_tells_the_columns_of_each_statement_that_would_give_rows()
    {
        using var connection = Memory.Open();
        connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
        using var command = connection.Command("INSERT INTO t VALUES (1, 'a') RETURNING v; DELETE FROM t; SELECT @p; VERIFY", ("p", 5L));
        using var reader = command.ExecuteReader(CommandBehavior.SchemaOnly);
        Assert.Equal("v", reader.GetName(0));
        Assert.Equal("t", reader.GetSchemaTable()!.Rows[0]["BaseTableName"]);
        Assert.True(reader.NextResult());
        Assert.Equal(typeof(long), reader.GetFieldType(0));
        Assert.False(reader.Read());
        Assert.True(reader.NextResult());
        Assert.Equal(3, reader.FieldCount);
        Assert.False(reader.NextResult());
        Assert.Equal(-1, reader.RecordsAffected);
    }

    [Fact]
    public void RETURNING_gives_rows_and_a_count()
    {
        using var connection = Memory.Open();
        connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
        using var reader = connection.Command("INSERT INTO t VALUES (1, 'a'), (2, 'b') RETURNING v, id").ExecuteReader();
        Assert.Equal(2, reader.RecordsAffected);
        Assert.True(reader.Read());
        Assert.Equal("a", reader.GetString(0));
        Assert.True(reader.Read());
        Assert.Equal(2, reader.GetInt32(1));
        Assert.False(reader.Read());
    }

    [Fact]
    public void A_typed_parameter_goes_by_its_type()
    {
        using var connection = Memory.Open();
        AssertTyped(connection, 42);
        AssertTyped(connection, 42L);
        AssertTyped(connection, (short)42);
        AssertTyped(connection, (byte)42);
        AssertTyped(connection, ulong.MaxValue);
        AssertTyped(connection, 4.5);
        AssertTyped(connection, 4.5f);
        AssertTyped(connection, 4.50m);
        AssertTyped(connection, true);
        AssertTyped(connection, "text");
        AssertTyped(connection, new byte[] { 1, 2 });
        AssertTyped(connection, new Guid("ccddeeff-aabb-8899-7766-554433221100"));
        AssertTyped(connection, new DateTime(2024, 2, 29, 1, 2, 3));
        AssertTyped(connection, new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(5)));
        Assert.Equal(new DateTime(2024, 2, 29), Read(connection, new LsmParameter<DateOnly>("v", new DateOnly(2024, 2, 29))));
        Assert.Equal(new TimeSpan(1, 2, 3), Read(connection, new LsmParameter<TimeOnly>("v", new TimeOnly(1, 2, 3))));
        Assert.Equal((int)DayOfWeek.Friday, Read(connection, new LsmParameter<DayOfWeek>("v", DayOfWeek.Friday)));
        Assert.Equal(42L, Read(connection, new LsmParameter<int>("v", 42) { DbType = DbType.Int64 }));
        Assert.Throws<InvalidOperationException>(() => Read(connection, new LsmParameter<string?>("v", null)));
    }

    [Theory]
    [InlineData(1, DbType.Int32)]
    [InlineData(1L, DbType.Int64)]
    [InlineData("x", DbType.String)]
    [InlineData(1.5, DbType.Double)]
    [InlineData(true, DbType.Boolean)]
    [InlineData(DayOfWeek.Monday, DbType.Int32)]
    public void The_DbType_follows_the_value_until_it_is_set(object value, DbType expected)
    {
        var parameter = new LsmParameter("p", value);
        Assert.Equal(expected, parameter.DbType);
        parameter.DbType = DbType.Guid;
        Assert.Equal(DbType.Guid, parameter.DbType);
        parameter.DbType = DbType.Object;
        Assert.Equal(expected, parameter.DbType);
    }

    [Fact]
    public void A_declared_DbType_converts_the_value()
    {
        using var connection = Memory.Open();
        Assert.Equal(7L, Read(connection, new LsmParameter("v", DbType.Int64) { Value = 7 }));
        Assert.Equal(7m, Read(connection, new LsmParameter("v", DbType.Decimal) { Value = 7 }));
        Assert.Equal("22003", Assert.Throws<LsmException>(() => Read(connection, new LsmParameter("v", DbType.Byte) { Value = 700 })).SqlState);
    }

    private static void AssertTyped<T>(LsmConnection connection, T value) => Assert.Equal(value, Assert.IsType<T>(Read(connection, new LsmParameter<T>("@v", value))));

    private static object? Read(LsmConnection connection, LsmDbParameter parameter)
    {
        using var command = connection.Command("SELECT @v");
        command.Parameters.Add(parameter);
        return command.ExecuteScalar();
    }
}
