namespace LsmTree.Data.Tests.Ado;

/// <summary>A parameter beside something of another type: a text is read as that type, as a quoted literal is, wherever the two meet.</summary>
public sealed class ParameterTypeTests : IDisposable
{
    private static readonly DateTime s_noon = new(2024, 2, 29, 12, 0, 0, DateTimeKind.Unspecified);

    private readonly LsmConnection _connection = Memory.Open();

    public ParameterTypeTests()
    {
        _connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, d DATE)");
        _connection.Execute("INSERT INTO t VALUES (1, 40, '2024-02-29'), (2, NULL, NULL)");
    }

    public static TheoryData<string, object, object[]> Unions => new()
    {
        { "SELECT '2' UNION SELECT @p", 5, [2, 5] },
        { "SELECT @p UNION SELECT '2'", 5, [5, 2] },
        { "SELECT 1 UNION SELECT '2' UNION SELECT @p", 5, [1, 2, 5] },
        { "SELECT 1 UNION SELECT '2' UNION SELECT @p", 5L, [1L, 2L, 5L] },
        { "SELECT 1 UNION SELECT @p", "2", [1, 2] },
        { "SELECT n FROM t WHERE id = 1 UNION ALL SELECT @p", "2", [40, 2] },
        { "SELECT '1' UNION SELECT @p", "2", ["1", "2"] },
        { "SELECT '2024-03-01 00:00:00' UNION SELECT @p", s_noon, [new DateTime(2024, 3, 1), s_noon] },
        { "SELECT DATE '2024-03-01' UNION SELECT @p", s_noon, [new DateTime(2024, 3, 1), s_noon] },
        { "SELECT d FROM t WHERE id = 1 UNION SELECT @p", "2024-03-01", [new DateTime(2024, 2, 29), new DateTime(2024, 3, 1)] },
    };

    public static TheoryData<string, object> Sums => new()
    {
        { "SELECT n + @p FROM t WHERE id = 1", 42 },
        { "SELECT @p + n FROM t WHERE id = 1", 42 },
        { "SELECT n * 2 - @p FROM t WHERE id = 1", 78 },
        { "SELECT COALESCE(n, @p) + 1 FROM t WHERE id = 2", 3 },
        { "SELECT COALESCE(@p, n) FROM t WHERE id = 2", 2 },
        { "SELECT CASE WHEN id = 2 THEN @p ELSE n END FROM t WHERE id = 2", 2 },
        { "SELECT CASE @p WHEN id THEN 1 ELSE 0 END FROM t WHERE id = 2", 1 },
        { "SELECT n FROM t WHERE id = @p - 1", 40 },
        { "SELECT @p || 'x'", "2x" },
        { "SELECT COALESCE(NULL, @p)", "2" },
    };

    [Theory]
    [MemberData(nameof(Unions), DisableDiscoveryEnumeration = true)]
    public void A_UNION_with_a_parameter_has_the_type_in_which_all_meet(string text, object value, object[] expected)
    {
        using var reader = _connection.Command(text, ("p", value)).ExecuteReader();
        Assert.Equal(expected[0].GetType(), reader.GetFieldType(0));
        var found = new List<object>();
        while (reader.Read())
        {
            found.Add(reader.GetValue(0));
        }

        Assert.Equal(expected, found);
    }

    [Fact]
    public void What_does_not_fit_into_a_UNION_is_refused_with_its_place()
    {
        var error = Assert.Throws<LsmException>(() => _connection.Scalar("SELECT 1\nUNION SELECT 2\nUNION SELECT @p", ("p", s_noon)));
        Assert.Equal("42804", error.SqlState);
        Assert.Equal((3, 7), (error.Line, error.Column));
        Assert.Equal("22018", Assert.Throws<LsmException>(() => _connection.Scalar("SELECT 1 UNION SELECT @p ORDER BY 1", ("p", "two"))).SqlState);
        error = Assert.Throws<LsmException>(() => _connection.Scalar("SELECT @p\n  UNION SELECT 'two'", ("p", 1)));
        Assert.Equal(("22018", 2, 9), (error.SqlState, error.Line, error.Column));
    }

    [Theory]
    [MemberData(nameof(Sums), DisableDiscoveryEnumeration = true)]
    public void A_text_beside_another_type_is_read_as_that_type(string text, object expected) =>
        Assert.Equal(expected, _connection.Scalar(text, ("p", "2")));

    [Fact]
    public void A_text_that_is_no_such_value_is_refused()
    {
        Assert.Equal("22018", Assert.Throws<LsmException>(() => _connection.Scalar("SELECT n + @p FROM t", ("p", "two"))).SqlState);
        Assert.Equal("42804", Assert.Throws<LsmException>(() => _connection.Scalar("SELECT @p + @p", ("p", "2"))).SqlState);
        Assert.Equal("22018", Assert.Throws<LsmException>(() => _connection.Scalar("SELECT COALESCE(n, @p) FROM t WHERE id = 2", ("p", "two"))).SqlState);
    }

    public void Dispose() => _connection.Dispose();
}
