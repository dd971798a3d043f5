namespace LsmTree.Data.Conformance;

public sealed class ParameterTests(OpenConnectionFixture fixture) : IClassFixture<OpenConnectionFixture>
{
    [Fact]
    public void Defaults_are_those_of_ADO_NET()
    {
        var parameter = Provider.Factory.CreateParameter()!;
        Assert.Equal(DbType.String, parameter.DbType);
        Assert.Equal(ParameterDirection.Input, parameter.Direction);
        Assert.False(parameter.IsNullable);
        Assert.Equal("", parameter.ParameterName);
        Assert.Equal(0, parameter.Precision);
        Assert.Equal(0, parameter.Scale);
        Assert.Equal(0, parameter.Size);
        Assert.Equal("", parameter.SourceColumn);
        Assert.False(parameter.SourceColumnNullMapping);
        Assert.Equal(DataRowVersion.Current, parameter.SourceVersion);
        Assert.Null(parameter.Value);
    }

    [Fact]
    public void ResetDbType_brings_the_default_back()
    {
        var parameter = Provider.Factory.CreateParameter()!;
        parameter.DbType = DbType.Int64;
        Assert.Equal(DbType.Int64, parameter.DbType);
        parameter.ResetDbType();
        Assert.Equal(DbType.String, parameter.DbType);
    }

    [Fact]
    public void Names_set_to_null_are_empty()
    {
        var parameter = Provider.Factory.CreateParameter()!;
        parameter.ParameterName = null;
        parameter.SourceColumn = null;
        Assert.Equal("", parameter.ParameterName);
        Assert.Equal("", parameter.SourceColumn);
    }

    [Fact]
    public void Other_directions_are_not_supported()
    {
        var parameter = Provider.Factory.CreateParameter()!;
        parameter.Direction = ParameterDirection.Input;
        Assert.Throws<NotSupportedException>(() => parameter.Direction = ParameterDirection.Output);
        Assert.Throws<NotSupportedException>(() => parameter.Direction = ParameterDirection.ReturnValue);
    }

    [Fact]
    public void A_nameless_parameter_does_not_bind_to_a_name()
    {
        using var command = fixture.Connection.Command("SELECT @Parameter;");
        command.Add("", 1);
        var error = Assert.ThrowsAny<DbException>(() => command.ExecuteNonQuery());
        Assert.Equal("42P02", error.SqlState);
    }

    [Fact]
    public void A_missing_parameter_is_named_in_the_error()
    {
        using var command = fixture.Connection.Command("SELECT @wanted;");
        command.Add("@given", 1);
        var error = Assert.ThrowsAny<DbException>(() => command.ExecuteNonQuery());
        Assert.Contains("wanted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_value_is_refused_and_DBNull_is_NULL()
    {
        using var command = fixture.Connection.Command("SELECT @Parameter;");
        var parameter = command.Add("@Parameter", null);
        var error = Assert.Throws<InvalidOperationException>(() => command.ExecuteNonQuery());
        Assert.Contains("DBNull.Value", error.Message, StringComparison.Ordinal);
        parameter.Value = DBNull.Value;
        Assert.Same(DBNull.Value, command.ExecuteScalar());
    }

    [Fact]
    public void A_parameter_that_the_text_does_not_use_is_ignored()
    {
        using var command = fixture.Connection.Command("SELECT 1;");
        command.Add("@Unknown", 1);
        Assert.Equal(1, command.ExecuteScalar());
    }

    [Fact]
    public void An_object_of_no_known_type_is_refused()
    {
        using var command = fixture.Connection.Command("SELECT @Parameter;");
        command.Add("@Parameter", new object());
        Assert.Throws<NotSupportedException>(() => command.ExecuteScalar());
    }

    [Fact]
    public void Text_and_bytes_come_back_as_they_were()
    {
        using var command = fixture.Connection.Command("SELECT @text, @bytes;");
        command.Add("@text", "grün");
        command.Add("@bytes", new byte[] { 0, 1, 255 });
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal("grün", reader.GetValue(0));
        Assert.Equal(new byte[] { 0, 1, 255 }, reader.GetValue(1));
    }

    [Fact]
    public void A_stream_binds_as_bytes()
    {
        using var command = fixture.Connection.Command("SELECT @bytes;");
        command.Add("@bytes", new MemoryStream([1, 2, 3]));
        Assert.Equal(new byte[] { 1, 2, 3 }, command.ExecuteScalar());
    }

    [Theory]
    [InlineData("@Id", "@Id")]
    [InlineData("@Id", "Id")]
    [InlineData("@Id", "id")]
    [InlineData(":Id", "@ID")]
    [InlineData("$Id", "id")]
    [InlineData("@Id", ":id")]
    public void Names_match_without_prefix_and_case(string inText, string given)
    {
        using var command = fixture.Connection.Command($"SELECT {inText};");
        command.Add(given, 42);
        Assert.Equal(42, command.ExecuteScalar());
    }

    [Fact]
    public void An_exact_name_wins_over_one_that_differs_in_case()
    {
        using var command = fixture.Connection.Command("SELECT @id, @ID;");
        command.Add("ID", 1);
        command.Add("id", 2);
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(2, reader.GetInt32(0));
        Assert.Equal(1, reader.GetInt32(1));
    }

    [Fact]
    public void Positional_parameters_go_by_order()
    {
        using var command = fixture.Connection.Command("SELECT ?, ?;");
        command.Add("", "first");
        command.Add("", "second");
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal("first", reader.GetString(0));
        Assert.Equal("second", reader.GetString(1));
    }

    [Fact]
    public void Size_cuts_text_and_bytes_and_minus_one_does_not()
    {
        using var command = fixture.Connection.Command("SELECT @text;");
        var parameter = command.Add("@text", "abcdef");
        parameter.Size = 3;
        Assert.Equal("abc", command.ExecuteScalar());
        parameter.Size = -1;
        Assert.Equal("abcdef", command.ExecuteScalar());
        parameter.Size = 4000;
        Assert.Equal("abcdef", command.ExecuteScalar());
    }
}
