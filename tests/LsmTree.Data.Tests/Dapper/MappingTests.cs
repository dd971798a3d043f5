using System.Data.Common;
using Dapper;

namespace LsmTree.Data.Tests.Dapper;

/// <summary>Stored columns of every type into members of objects and back, by both kinds of calls.</summary>
public sealed class MappingTests : IDisposable
{
    private static readonly Thing s_thing = new()
    {
        Id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
        Small = -3,
        Big = long.MaxValue,
        Price = 12.50m,
        Ratio = 0.1,
        Single = 0.5f,
        Yes = true,
        Born = new DateOnly(2024, 2, 29),
        At = new TimeOnly(23, 59, 58),
        Moment = new DateTime(2024, 2, 29, 12, 0, 0),
        Instant = new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.FromHours(2)),
        Bytes = [0, 255],
        Name = "größe",
        Role = Role.Writer,
    };

    private readonly LsmDataSource _source = LsmDataSource.Create("Data Source=:memory:");
    private readonly LsmConnection _connection;

    public MappingTests()
    {
        _connection = _source.OpenConnection();
        _connection.Execute("""
            CREATE TABLE things (id UUID PRIMARY KEY, small SMALLINT, big BIGINT, price DECIMAL(10,2), ratio DOUBLE, single REAL, yes BOOLEAN, born DATE,
                at TIME, moment TIMESTAMP, instant TIMESTAMPTZ, bytes BLOB, name TEXT, role SMALLINT)
            """);
        _connection.Execute("INSERT INTO things VALUES (@Id, @Small, @Big, @Price, @Ratio, @Single, @Yes, @Born, @At, @Moment, @Instant, @Bytes, @Name, @Role)", s_thing);
    }

    [Fact]
    public void Every_type_goes_in_and_comes_back_as_a_member() => AssertSame(_connection.QuerySingle<Thing>("SELECT * FROM things"));

    [Fact]
    public async Task Every_type_comes_back_asynchronously() => AssertSame(await _connection.QuerySingleAsync<Thing>("SELECT * FROM things WHERE id = @Id", new { s_thing.Id }));

    [Fact]
    public void NULL_leaves_members_as_they_are_born()
    {
        var id = Guid.Parse("ffffffff-ffff-ffff-ffff-ffffffffffff");
        _connection.Execute("INSERT INTO things (id) VALUES (@id)", new { id });
        var thing = _connection.QuerySingle<Thing>("SELECT * FROM things WHERE id = @id", new { id });
        Assert.Equal((0, 0L, 0m, false, null), (thing.Small, thing.Big, thing.Price, thing.Yes, thing.Name));
        Assert.Null(_connection.QuerySingle<DateOnly?>("SELECT born FROM things WHERE id = @id", new { id }));
        Assert.Null(_connection.QuerySingle<Role?>("SELECT role FROM things WHERE id = @id", new { id }));
        _connection.Execute("UPDATE things SET small = @small, born = @born WHERE id = @id", new { id, small = (short?)null, born = (DateOnly?)null });
        Assert.Equal(1, _connection.ExecuteScalar<int>("SELECT COUNT(*) FROM things WHERE small IS NULL AND born IS NULL"));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("born")]
    [InlineData("at")]
    [InlineData("moment")]
    [InlineData("instant")]
    [InlineData("price")]
    [InlineData("role")]
    public void Lists_of_every_type_become_IN(string column)
    {
        object list = column switch
        {
            "id" => new[] { s_thing.Id, Guid.Empty },
            "born" => new[] { s_thing.Born },
            "at" => new[] { s_thing.At },
            "moment" => new[] { s_thing.Moment, DateTime.MinValue },
            "instant" => new[] { s_thing.Instant.ToUniversalTime() },
            "price" => new[] { 12.5m, 1m },
            _ => new[] { Role.Writer, Role.Reader },
        };
        var parameters = new DynamicParameters();
        parameters.Add("list", list);
        Assert.Equal(s_thing.Id, _connection.QuerySingle<Guid>($"SELECT id FROM things WHERE {column} IN @list", parameters));
    }

    [Fact]
    public void Records_and_tuples_take_columns_by_name_and_by_place()
    {
        var record = _connection.QuerySingle<Summary>("SELECT name, price, moment FROM things");
        Assert.Equal(new Summary("größe", 12.50m, s_thing.Moment), record);
        var tuple = _connection.QuerySingle<(string, decimal?, Guid)>("SELECT name, price, id FROM things");
        Assert.Equal(("größe", 12.50m, s_thing.Id), tuple);
    }

    [Fact]
    public void Seven_objects_are_mapped()
    {
        var numbers = _connection.Query<User, User, User, User, User, User, User, int>(
            "SELECT 1 AS id, 2 AS id, 3 AS id, 4 AS id, 5 AS id, 6 AS id, 7 AS id",
            static (one, two, three, four, five, six, seven) => (one.Id * 1_000_000) + (two.Id * 100_000) + (three.Id * 10_000) + (four.Id * 1_000) + (five.Id * 100) + (six.Id * 10) + seven.Id,
            splitOn: "id,id,id,id,id,id");
        Assert.Equal(1_234_567, Assert.Single(numbers));
    }

    [Fact]
    public async Task Objects_are_mapped_asynchronously()
    {
        var pairs = await _connection.QueryAsync<User, User, string>("SELECT 1 AS id, 'a' AS name, 2 AS id, 'b' AS name", static (one, two) => one.Name + two.Name, splitOn: "id");
        Assert.Equal("ab", Assert.Single(pairs));
    }

    [Fact]
    public async Task Several_results_are_read_asynchronously()
    {
        await using var grid = await _connection.QueryMultipleAsync("SELECT @a; SELECT name FROM things WHERE small > 0; SELECT name, price FROM things", new { a = 5 });
        Assert.Equal(5, await grid.ReadSingleAsync<int>());
        Assert.Empty(await grid.ReadAsync<string>());
        Assert.Equal(12.50m, (await grid.ReadFirstAsync<Thing>()).Price);
        Assert.True(grid.IsConsumed);
    }

    [Fact]
    public async Task First_and_Single_have_their_meaning_asynchronously()
    {
        Assert.Null(await _connection.QueryFirstOrDefaultAsync<Thing>("SELECT * FROM things WHERE small > 0"));
        Assert.Equal("größe", await _connection.QueryFirstAsync<string>("SELECT name FROM things"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _connection.QuerySingleAsync<int>("SELECT 1 UNION ALL SELECT 2"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _connection.QueryFirstAsync<int>("SELECT 1 WHERE 1 = 0"));
        Assert.Equal(12.50m, await _connection.ExecuteScalarAsync<decimal>("SELECT price FROM things"));
    }

    [Fact]
    public async Task A_reader_is_read_and_parsed_by_hand()
    {
        await using var reader = await _connection.ExecuteReaderAsync("SELECT 1 AS id, 'a' AS name UNION ALL SELECT 2, 'b'");
        var parse = reader.GetRowParser<User>();
        var names = new List<string>();
        while (await reader.ReadAsync())
        {
            names.Add(parse(reader).Id + parse(reader).Name!);
        }

        Assert.Equal(["1a", "2b"], names);
        using var again = (DbDataReader)_connection.ExecuteReader("SELECT 3 AS id");
        Assert.Equal(3, Assert.Single(again.Parse<User>()).Id);
    }

    [Fact]
    public async Task A_transaction_rolls_back_what_was_executed_asynchronously()
    {
        await using (var transaction = await _connection.BeginTransactionAsync())
        {
            Assert.Equal(1, await _connection.ExecuteAsync("DELETE FROM things", transaction: transaction));
            Assert.Equal(0, await _connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM things", transaction: transaction));
            await transaction.RollbackAsync();
        }

        Assert.Equal(1, await _connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM things"));
    }

    public void Dispose()
    {
        _connection.Dispose();
        _source.Dispose();
    }

    private static void AssertSame(Thing thing) => Assert.Equivalent(s_thing, thing, strict: true);

    private sealed record Summary(string Name, decimal Price, DateTime Moment);

    public sealed class Thing
    {
        public Guid Id { get; set; }

        public short Small { get; set; }

        public long Big { get; set; }

        public decimal Price { get; set; }

        public double Ratio { get; set; }

        public float Single { get; set; }

        public bool Yes { get; set; }

        public DateOnly Born { get; set; }

        public TimeOnly At { get; set; }

        public DateTime Moment { get; set; }

        public DateTimeOffset Instant { get; set; }

        public byte[]? Bytes { get; set; }

        public string? Name { get; set; }

        public Role Role { get; set; }
    }
}
