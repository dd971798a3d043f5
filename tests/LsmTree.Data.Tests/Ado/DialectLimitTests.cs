using System.Globalization;
using LsmTree.Data.Parsing;

namespace LsmTree.Data.Tests.Ado;

/// <summary>The limits of the dialect as a program meets them: a command at each is executed, one past it is refused and harms nothing.</summary>
public sealed class DialectLimitTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void A_text_of_a_mebi_of_characters_is_executed()
    {
        const string Head = "INSERT INTO kv VALUES ('k', '";
        var text = Head + new string('x', SqlLimits.TextLength - Head.Length - 2) + "')";
        Assert.Equal(1, _connection.Execute(text));
        Assert.Equal(SqlLimits.TextLength - Head.Length - 2, Convert.ToInt32(_connection.Scalar("SELECT LENGTH(v) FROM kv"), CultureInfo.InvariantCulture));
        Refused(text.Insert(Head.Length, "x"));
    }

    [Fact]
    public void A_nesting_of_200_is_executed()
    {
        Assert.Equal(1, Convert.ToInt32(_connection.Scalar(Nested(SqlLimits.Nesting)), CultureInfo.InvariantCulture));
        Refused(Nested(SqlLimits.Nesting + 1));

        static string Nested(int depth) => "SELECT " + new string('(', depth) + "1" + new string(')', depth);
    }

    [Fact]
    public void A_list_of_10_000_values_finds_each_row_once()
    {
        Fill(20_000);
        Assert.Equal(5_000L, _connection.Scalar(List(SqlLimits.ListItems)));
        Refused(List(SqlLimits.ListItems + 1));

        // Every other value is there, and one is written twice.
        static string List(int items) => $"SELECT COUNT(*) FROM t WHERE id IN ({string.Join(',', Enumerable.Range(0, items - 1).Select(static item => (2 * item).ToString(CultureInfo.InvariantCulture)))}, 0)"
            .Replace("WHERE id IN", "WHERE id < 10000 AND id IN", StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_65_535_parameters_is_executed()
    {
        Fill(40_000);
        using var command = _connection.Command("");
        for (var parameter = 0; parameter < SqlLimits.Parameters; parameter++)
        {
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"p{parameter}"), parameter);
        }

        command.CommandText = List(SqlLimits.ListParameters);
        Assert.Equal((long)SqlLimits.Parameters, command.ExecuteScalar());
        command.CommandText = List(SqlLimits.ListParameters + 1);
        Assert.Equal("54000", Assert.Throws<LsmException>(() => command.ExecuteScalar()).SqlState);

        static string List(int items) => $"SELECT COUNT(*) FROM t WHERE id IN ({string.Join(',', Enumerable.Range(0, items).Select(static item => string.Create(CultureInfo.InvariantCulture, $"@p{item % SqlLimits.Parameters}")))})";
    }

    [Fact]
    public void Names_of_128_bytes_name_tables_columns_parameters_and_savepoints()
    {
        var name = new string('n', SqlLimits.IdentifierBytes);
        _connection.Execute($"CREATE TABLE {name} ({name} INT PRIMARY KEY)");
        _connection.Execute($"INSERT INTO {name} VALUES (@{name})", (name, 7));
        _connection.Execute($"BEGIN; SAVEPOINT {name}; INSERT INTO {name} VALUES (8); ROLLBACK TO {name}; COMMIT");
        Assert.Equal(7, _connection.Scalar($"SELECT {name} FROM {name}"));
        Refused($"SELECT {name}n FROM {name}");
        Refused($"CREATE TABLE {name}n (id INT PRIMARY KEY)");
    }

    [Theory]
    [InlineData(64, 8, true)]
    [InlineData(65, 8, false)]
    [InlineData(64, 9, false)]
    public void A_table_has_1_to_64_columns_and_1_to_8_of_them_are_its_key(int columns, int keys, bool isLegal)
    {
        var names = Enumerable.Range(0, columns).Select(static column => string.Create(CultureInfo.InvariantCulture, $"c{column}")).ToList();
        var text = $"CREATE TABLE w ({string.Join(", ", names.Select(static name => name + " INT"))}, PRIMARY KEY ({string.Join(", ", names.Take(keys))}))";
        if (!isLegal)
        {
            Refused(text);
            return;
        }

        _connection.Execute(text);
        _connection.Execute($"INSERT INTO w VALUES ({string.Join(", ", Enumerable.Range(0, columns))})");
        Assert.Equal(columns - 1, _connection.Scalar($"SELECT c{columns - 1} FROM w WHERE c0 = 0 AND c7 = 7"));
    }

    [Theory]
    [InlineData("BLOB BYTEA BINARY", typeof(byte[]))]
    [InlineData("TEXT VARCHAR(10) STRING", typeof(string))]
    [InlineData("BOOLEAN", typeof(bool))]
    [InlineData("UINT8 BYTE", typeof(byte))]
    [InlineData("INT8 SBYTE", typeof(sbyte))]
    [InlineData("SMALLINT INT16", typeof(short))]
    [InlineData("UINT16", typeof(ushort))]
    [InlineData("INTEGER INT32", typeof(int))]
    [InlineData("UINT32", typeof(uint))]
    [InlineData("BIGINT INT64", typeof(long))]
    [InlineData("UINT64", typeof(ulong))]
    [InlineData("REAL", typeof(float))]
    [InlineData("DOUBLE_PRECISION DOUBLE", typeof(double))]
    [InlineData("DECIMAL(10,2) NUMERIC NUMERIC(10,2)", typeof(decimal))]
    [InlineData("MONEY", typeof(decimal))]
    [InlineData("UUID GUID", typeof(Guid))]
    [InlineData("DATE", typeof(DateTime))]
    [InlineData("TIME", typeof(TimeSpan))]
    [InlineData("TIMESTAMP DATETIME", typeof(DateTime))]
    [InlineData("TIMESTAMPTZ DATETIMEOFFSET", typeof(DateTimeOffset))]
    [InlineData("ANY", typeof(object))]
    public void Every_spelling_of_a_type_declares_it_as_a_key_and_as_a_value(string spellings, Type type)
    {
        foreach (var spelling in spellings.Split(' ').Select(static word => word.Replace('_', ' ')))
        {
            _connection.Execute($"CREATE TABLE s (k {spelling} PRIMARY KEY, v {spelling})");
            using (var reader = _connection.Command("SELECT k, v FROM s").ExecuteReader())
            {
                Assert.Equal((type, type), (reader.GetFieldType(0), reader.GetFieldType(1)));
            }

            _connection.Execute("DROP TABLE s");
        }
    }

    [Fact]
    public void Parameters_are_found_by_every_prefix_with_and_without_it_and_in_any_case()
    {
        foreach (var prefix in "@:$")
        {
            foreach (var name in (string[])["p", "P", $"{prefix}p", $"{prefix}P"])
            {
                Assert.Equal(5, _connection.Scalar($"SELECT {prefix}p", (name, 5)));
            }
        }

        using var positional = _connection.Command("SELECT ? - ?");
        positional.Parameters.Add(new LsmParameter { Value = 7 });
        positional.Parameters.Add(new LsmParameter { Value = 2 });
        Assert.Equal(5, Convert.ToInt32(positional.ExecuteScalar(), CultureInfo.InvariantCulture));
        positional.CommandText = "SELECT ?2 - ?1";
        Assert.Equal(-5, Convert.ToInt32(positional.ExecuteScalar(), CultureInfo.InvariantCulture));
    }

    private void Refused(string text) => Assert.Equal("54000", Assert.Throws<LsmException>(() => _connection.Execute(text)).SqlState);

    private void Fill(int rows)
    {
        _connection.Execute("CREATE TABLE t (id INT PRIMARY KEY)");
        using var transaction = _connection.BeginTransaction();
        using var insert = _connection.Command("INSERT INTO t VALUES (@id)", ("id", 0));
        insert.Transaction = transaction;
        for (var row = 0; row < rows; row++)
        {
            insert.Parameters[0].Value = row;
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
