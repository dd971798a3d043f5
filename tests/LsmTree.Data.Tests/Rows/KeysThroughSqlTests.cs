namespace LsmTree.Data.Tests.Rows;

/// <summary>The law of keys, seen from SQL: two values are one key exactly when <c>=</c> says so, and each comes back as it went in.</summary>
public sealed class KeysThroughSqlTests : IDisposable
{
    private readonly LsmConnection _connection = new("Data Source=:memory:");

    public KeysThroughSqlTests() => _connection.Open();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void A_number_is_one_key_whatever_its_type_and_keeps_its_type()
    {
        Execute("INSERT INTO kv (k, v) VALUES (@a, 'int')", 5);
        Assert.Equal("23505", Assert.Throws<LsmException>(() => Execute("INSERT INTO kv (k, v) VALUES (@a, 'long')", 5L)).SqlState);
        foreach (var same in new object[] { 5, 5L, 5.0m, 5.0, (byte)5 })
        {
            Assert.Equal(5, Assert.IsType<int>(Scalar("SELECT k FROM kv WHERE k = @a", same)));
        }

        Execute("UPSERT INTO kv (k, v) VALUES (@a, 'decimal')", 5.00m);
        Assert.Equal("5.00", Assert.IsType<decimal>(Scalar("SELECT k FROM kv WHERE k = @a", 5)).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(1L, Scalar("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public void Text_and_blob_are_one_key_and_keep_their_type()
    {
        Execute("INSERT INTO kv (k, v) VALUES (@a, 1)", "hi"u8.ToArray());
        Assert.Equal("hi"u8.ToArray(), Assert.IsType<byte[]>(Scalar("SELECT k FROM kv WHERE k = @a", "hi")));
        Assert.Equal("23505", Assert.Throws<LsmException>(() => Execute("INSERT INTO kv (k, v) VALUES (@a, 2)", "hi")).SqlState);
    }

    [Fact]
    public void Keys_of_any_are_ordered_by_class_and_then_by_value()
    {
        object[] ascending =
        [
            false, true, -1e300, -5, 0.1m, 0.1, 5L, 5.5m, 1e300, new DateTime(2024, 2, 29), new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.FromHours(1)), TimeSpan.Zero, Guid.Empty, "", "a", "a\0",
            "b", "\uff61", "\U0001F600",
        ];
        foreach (var key in ascending.Reverse())
        {
            Execute("INSERT INTO kv (k, v) VALUES (@a, NULL)", key);
        }

        Assert.Equal(ascending, Column("SELECT k FROM kv ORDER BY k"));
        Assert.Equal(ascending.Reverse(), Column("SELECT k FROM kv ORDER BY k DESC"));
        Assert.Equal([-1e300, -5, 0.1m, 0.1, 5L], Column("SELECT k FROM kv WHERE k BETWEEN -1e308 AND 5"));
        Assert.Equal(ascending[..7], Column("SELECT k FROM kv WHERE k <= 5")); // a lesser class is less, as in a sql_variant
        Assert.Equal(ascending[^2..], Column("SELECT k FROM kv WHERE k > 'b'"));
    }

    [Fact]
    public void Scale_and_offset_come_back_from_declared_keys()
    {
        Execute("CREATE TABLE t (d DECIMAL, z TIMESTAMPTZ, v INTEGER, PRIMARY KEY (d, z))");
        var instant = new DateTimeOffset(2024, 2, 29, 13, 30, 0, TimeSpan.FromMinutes(330));
        Execute("INSERT INTO t (d, z, v) VALUES (@a, @b, 1)", 1.00m, instant);
        Assert.Equal("23505", Assert.Throws<LsmException>(() => Execute("INSERT INTO t (d, z, v) VALUES (@a, @b, 2)", 1m, instant.ToUniversalTime())).SqlState);
        Assert.Equal("1.00", ((decimal)Scalar("SELECT d FROM t WHERE d = 1 AND z = @a", instant.ToOffset(TimeSpan.Zero))!).ToString(System.Globalization.CultureInfo.InvariantCulture));
        var back = Assert.IsType<DateTimeOffset>(Scalar("SELECT z FROM t WHERE d = 1"));
        Assert.True(instant.EqualsExact(back));
    }

    [Fact]
    public void Bounds_beyond_a_types_range_or_between_its_values_do_what_they_say()
    {
        Execute("CREATE TABLE s (k SMALLINT PRIMARY KEY, v TEXT); INSERT INTO s VALUES (-32768, 'a'), (0, 'b'), (3, 'c'), (32767, 'd')");
        Assert.Equal(4L, Scalar("SELECT COUNT(*) FROM s WHERE k < 100000"));
        Assert.Equal(0L, Scalar("SELECT COUNT(*) FROM s WHERE k > 100000"));
        Assert.Equal(4L, Scalar("SELECT COUNT(*) FROM s WHERE k > -100000"));
        Assert.Equal(0L, Scalar("SELECT COUNT(*) FROM s WHERE k = 100000"));
        Assert.Equal(2L, Scalar("SELECT COUNT(*) FROM s WHERE k < 2.5"));
        Assert.Equal(2L, Scalar("SELECT COUNT(*) FROM s WHERE k >= 2.5"));
        Assert.Equal(0L, Scalar("SELECT COUNT(*) FROM s WHERE k = 2.5"));
        Assert.Equal("c", Scalar("SELECT v FROM s WHERE k = 3.0"));
        Execute("CREATE TABLE days (k DATE PRIMARY KEY); INSERT INTO days VALUES (DATE '2024-02-28'), (DATE '2024-02-29'), (DATE '2024-03-01')");
        Assert.Equal(2L, Scalar("SELECT COUNT(*) FROM days WHERE k < TIMESTAMP '2024-02-29 12:00:00'"));
        Assert.Equal(1L, Scalar("SELECT COUNT(*) FROM days WHERE k >= TIMESTAMP '2024-02-29 12:00:00'"));
    }

    private void Execute(string text, params object[] values)
    {
        using var command = Command(text, values);
        command.ExecuteNonQuery();
    }

    private object? Scalar(string text, params object[] values)
    {
        using var command = Command(text, values);
        return command.ExecuteScalar();
    }

    private List<object> Column(string text)
    {
        using var command = Command(text, []);
        using var reader = command.ExecuteReader();
        var values = new List<object>();
        while (reader.Read())
        {
            values.Add(reader.GetValue(0));
        }

        return values;
    }

    private LsmCommand Command(string text, object[] values)
    {
        var command = (LsmCommand)_connection.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue("@" + (char)('a' + i), values[i]);
        }

        return command;
    }
}
