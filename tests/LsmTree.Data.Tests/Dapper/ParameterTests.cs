using System.Data;
using System.Dynamic;
using Dapper;

namespace LsmTree.Data.Tests.Dapper;

public sealed class ParameterTests(DapperConnection fixture) : IClassFixture<DapperConnection>
{
    private IDbConnection Connection => fixture.Connection;

    [Theory]
    [InlineData("SELECT @Id")]
    [InlineData("SELECT @id")]
    [InlineData("SELECT :ID")]
    [InlineData("SELECT $id")]
    [InlineData("SELECT ?Id?")]
    public void Names_are_found_with_every_prefix_and_case(string text) => Assert.Equal(42, Connection.QuerySingle<int>(text, new { Id = 42 }));

    [Fact]
    public void Similar_names_are_kept_apart()
    {
        var row = Connection.QuerySingle<(int, int, int)>("SELECT @id, @id1, @id10", new { id = 1, id1 = 2, id10 = 3 });
        Assert.Equal((1, 2, 3), row);
    }

    [Fact]
    public void Names_may_be_of_any_script() => Assert.Equal(7, Connection.QuerySingle<int>("SELECT @größe", new { größe = 7 }));

    [Fact]
    public void Lists_become_IN()
    {
        Assert.Equal([1, 3], Connection.Query<int>("SELECT id FROM users WHERE id IN @ids", new { ids = new[] { 3, 1, 99, 1 } }));
        Assert.Equal([2], Connection.Query<int>("SELECT id FROM users WHERE id NOT IN @ids", new { ids = new List<int> { 1, 3 } }));
    }

    [Fact]
    public void Empty_lists_find_nothing()
    {
        Assert.Empty(Connection.Query<int>("SELECT id FROM users WHERE id IN @ids", new { ids = Array.Empty<int>() }));
        Assert.Equal([1, 2, 3], Connection.Query<int>("SELECT id FROM users WHERE NOT (id IN @ids)", new { ids = Array.Empty<int>() }));
    }

    [Fact]
    public void Several_lists_are_kept_apart() =>
        Assert.Equal([1], Connection.Query<int>("SELECT id FROM users WHERE id IN @ids AND name IN @names", new { ids = new[] { 1, 2 }, names = new[] { "Ann", "Cem" } }));

    [Fact]
    public void Long_lists_are_found() =>
        Assert.Equal(3, Connection.ExecuteScalar<int>("SELECT COUNT(*) FROM users WHERE id IN @ids", new { ids = Enumerable.Range(-500, 1_000) }));

    [Theory]
    [InlineData(6, 10)]
    [InlineData(12, 20)]
    [InlineData(1_001, 1_100)]
    public void Padded_lists_find_each_row_once(int count, int padded)
    {
        var texts = new List<string?>();
        using var source = new LsmDataSourceBuilder("Data Source=:memory:") { SlowStatements = slow => texts.Add(slow.Text), SlowStatementThreshold = TimeSpan.Zero }.Build();
        using var connection = source.OpenConnection();
        connection.Execute("INSERT INTO kv VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        texts.Clear();
        SqlMapper.Settings.PadListExpansions = true; // of the process: what runs beside it is padded, too, and finds the same
        try
        {
            var ids = Enumerable.Range(4 - count, count).ToArray(); // the last one, which is repeated, is 3
            Assert.Equal(["a", "b", "c"], connection.Query<string>("SELECT v FROM kv WHERE k IN @ids", new { ids }));
            Assert.Empty(connection.Query<string>("SELECT v FROM kv WHERE k NOT IN @ids", new { ids }));
        }
        finally
        {
            SqlMapper.Settings.PadListExpansions = false;
        }

        Assert.All(texts, text =>
        {
            Assert.Contains($"@ids{padded})", text, StringComparison.Ordinal);
            Assert.DoesNotContain($"@ids{padded + 1}", text, StringComparison.Ordinal);
        });
        Assert.Equal(2, texts.Count);
    }

    [Theory]
    [InlineData("SELECT id FROM users WHERE id = {=id}", 2)]
    [InlineData("SELECT id FROM users WHERE role = {=role}", 2)]
    [InlineData("SELECT {=yes}", 1)]
    public void Literals_are_inlined(string text, int expected) => Assert.Equal(expected, Connection.QuerySingle<int>(text, new { id = 2, role = Role.Writer, yes = true }));

    [Fact]
    public void Literal_lists_are_inlined()
    {
        Assert.Equal([1, 2], Connection.Query<int>("SELECT id FROM users WHERE id IN {=ids}", new { ids = new[] { 1, 2 } }));
        Assert.Empty(Connection.Query<int>("SELECT id FROM users WHERE id IN {=ids}", new { ids = Array.Empty<int>() }));
    }

    [Fact]
    public void DynamicParameters_carry_names_types_and_values()
    {
        var parameters = new DynamicParameters(new { id = 1 });
        parameters.Add("@name", "Ann", DbType.AnsiString, ParameterDirection.Input, 10);
        parameters.AddDynamicParams(new { age = 30 });
        Assert.Equal(1, Connection.QuerySingle<int>("SELECT id FROM users WHERE id = @id AND name = @name AND age = @age", parameters));
    }

    [Fact]
    public void Output_parameters_are_not_supported()
    {
        var parameters = new DynamicParameters();
        parameters.Add("out", dbType: DbType.Int32, direction: ParameterDirection.Output);
        Assert.Throws<NotSupportedException>(() => Connection.Execute("SELECT @out", parameters));
    }

    [Fact]
    public void Dictionaries_and_expandos_are_parameters()
    {
        Assert.Equal(5, Connection.QuerySingle<int>("SELECT @a + @b", new Dictionary<string, object> { ["a"] = 2, ["@b"] = 3 }));
        dynamic expando = new ExpandoObject();
        expando.a = 2;
        Assert.Equal(2, Connection.QuerySingle<int>("SELECT @a", (object)expando));
    }

    [Fact]
    public void Null_is_NULL()
    {
        Assert.Null(Connection.QuerySingle<string>("SELECT @v", new { v = (string?)null }));
        Assert.Null(Connection.QuerySingle<int?>("SELECT @v", new { v = (int?)null }));
    }

    [Fact]
    public void DbStrings_of_every_kind_are_text()
    {
        foreach (var (ansi, fixedLength) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            var name = new DbString { Value = "Ann", IsAnsi = ansi, IsFixedLength = fixedLength, Length = 3 };
            Assert.Equal(1, Connection.QuerySingle<int>("SELECT id FROM users WHERE name = @name", new { name }));
        }
    }

    [Fact]
    public void Values_of_every_type_come_back()
    {
        AssertComesBack(true);
        AssertComesBack((byte)200);
        AssertComesBack((sbyte)-100);
        AssertComesBack((short)-30_000);
        AssertComesBack((ushort)60_000);
        AssertComesBack(-2_000_000_000);
        AssertComesBack(4_000_000_000U);
        AssertComesBack(long.MinValue);
        AssertComesBack(ulong.MaxValue);
        AssertComesBack(1.5f);
        AssertComesBack(double.MaxValue);
        AssertComesBack(79228162514264337593543950335m);
        AssertComesBack(1.500m);
        AssertComesBack('x');
        AssertComesBack("text");
        AssertComesBack(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));
        AssertComesBack(new DateTime(2024, 2, 29, 13, 14, 15).AddTicks(1_234_567));
        AssertComesBack(new DateTimeOffset(2024, 2, 29, 13, 14, 15, TimeSpan.FromMinutes(-210)));
        AssertComesBack(new TimeSpan(0, 23, 59, 59, 999));
        AssertComesBack(new DateOnly(2024, 2, 29));
        AssertComesBack(new TimeOnly(23, 59, 59, 999));
        Assert.Equal(new byte[] { 0, 1, 255 }, Connection.QuerySingle<byte[]>("SELECT @v", new { v = new byte[] { 0, 1, 255 } }));
    }

    [Fact]
    public void Enums_go_by_number_and_come_back_from_numbers_and_names()
    {
        Assert.Equal(Role.Writer, Connection.QuerySingle<Role>("SELECT @role", new { role = Role.Writer }));
        Assert.Equal(Role.Writer, Connection.QuerySingle<User>("SELECT 'Writer' AS Role").Role);
        Assert.Equal(Role.Reader, Connection.QuerySingle<User>("SELECT 1 AS Role").Role);
        Assert.Null(Connection.QuerySingle<Role?>("SELECT NULL"));
        Assert.Equal([1, 3], Connection.Query<int>("SELECT id FROM users WHERE role = @role", new { role = Role.Reader }));
    }

    [Fact]
    public void Decimals_keep_their_scale()
    {
        Assert.Equal("1.500", Connection.QuerySingle<decimal>("SELECT @v", new { v = 1.500m }).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(11.884m, Connection.QuerySingle<decimal>("SELECT CAST(11.884 AS DECIMAL(10,3))"));
    }

    [Fact]
    public void The_culture_does_not_matter()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        var odd = (System.Globalization.CultureInfo)before.Clone();
        odd.NumberFormat.NumberDecimalSeparator = ",";
        odd.DateTimeFormat.ShortDatePattern = "d/M/yyyy";
        System.Globalization.CultureInfo.CurrentCulture = odd;
        try
        {
            Assert.Equal(1.5m, Connection.QuerySingle<decimal>("SELECT CAST('1.5' AS DECIMAL)"));
            Assert.Equal("1.5", Connection.QuerySingle<string>("SELECT CAST(1.5 AS TEXT)"));
            Assert.Equal(new DateTime(2024, 2, 29), Connection.QuerySingle<DateTime>("SELECT CAST('2024-02-29' AS TIMESTAMP)"));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_custom_type_goes_through_its_handler()
    {
        SqlMapper.AddTypeHandler(new TagHandler());
        Assert.Equal(new Tag("x"), Connection.QuerySingle<Tag>("SELECT @tag", new { tag = new Tag("x") }));
    }

    [Fact]
    public void A_custom_parameter_adds_itself() => Assert.Equal(9, Connection.QuerySingle<int>("SELECT @nine", new Nine()));

    private void AssertComesBack<T>(T value)
    {
        Assert.Equal(value, Connection.QuerySingle<T>("SELECT @value", new { value }));
        Assert.Equal(value, Connection.QuerySingle<Holder<T>>("SELECT @Value AS Value", new Holder<T> { Value = value }).Value);
    }

    private sealed class Holder<T>
    {
        public T? Value { get; set; }
    }

    private sealed record Tag(string Text);

    private sealed class TagHandler : SqlMapper.TypeHandler<Tag>
    {
        public override Tag Parse(object value) => new(((string)value)[1..]);

        public override void SetValue(IDbDataParameter parameter, Tag? value) => parameter.Value = "#" + value!.Text;
    }

    private sealed class Nine : SqlMapper.IDynamicParameters
    {
        public void AddParameters(IDbCommand command, SqlMapper.Identity identity)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@nine";
            parameter.Value = 9;
            command.Parameters.Add(parameter);
        }
    }
}
