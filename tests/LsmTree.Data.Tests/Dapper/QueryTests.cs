using System.Data;
using Dapper;

namespace LsmTree.Data.Tests.Dapper;

public sealed class QueryTests(DapperConnection fixture) : IClassFixture<DapperConnection>
{
    private IDbConnection Connection => fixture.Connection;

    [Fact]
    public void The_first_minute()
    {
        using var db = new LsmConnection("Data Source=:memory:");
        db.Open();
        db.Execute("INSERT INTO kv (k, v) VALUES (@k, @v)", new { k = "user:1", v = "Ann" });
        Assert.Equal("Ann", db.QuerySingle<string>("SELECT v FROM kv WHERE k = @k", new { k = "user:1" }));
        Assert.Equal(["Ann"], db.Query<string>("SELECT v FROM kv WHERE k BETWEEN @a AND @b", new { a = "user:", b = "user:~" }));
    }

    [Fact]
    public void Rows_become_objects()
    {
        var users = Connection.Query<User>("SELECT * FROM users").ToList();
        Assert.Equal(3, users.Count);
        Assert.Equal("Ann", users[0].Name);
        Assert.Equal(30, users[0].Age);
        Assert.Null(users[1].Age);
        Assert.Equal(Role.Writer, users[1].Role);
    }

    [Fact]
    public void Rows_become_dynamic_objects()
    {
        var user = Connection.QuerySingle("SELECT id, name AS NAME FROM users WHERE id = @id", new { id = 3 });
        Assert.Equal(3, (int)user.id);
        Assert.Equal("Cem", (string)user.NAME);
    }

    [Fact]
    public void Rows_become_dictionaries_and_tuples()
    {
        var row = (IDictionary<string, object?>)Connection.QuerySingle("SELECT id, age FROM users WHERE id = 2");
        Assert.Equal(2, row["id"]);
        Assert.Null(row["age"]);
        var (id, name) = Connection.QuerySingle<(int, string)>("SELECT id, name FROM users WHERE id = 1");
        Assert.Equal((1, "Ann"), (id, name));
    }

    [Fact]
    public void Constructors_are_called_by_column_names()
    {
        var person = Connection.QuerySingle<Person>("SELECT id, name FROM users WHERE id = 1");
        Assert.Equal(new Person(1, "Ann"), person);
    }

    [Fact]
    public void An_unbuffered_query_streams()
    {
        var names = new List<string>();
        foreach (var user in Connection.Query<User>("SELECT * FROM users ORDER BY id DESC", buffered: false))
        {
            names.Add(user.Name!);
            if (names.Count == 2)
            {
                break;
            }
        }

        Assert.Equal(["Cem", "Ben"], names);
        Assert.Equal(1, Connection.ExecuteScalar<int>("SELECT 1"));
    }

    [Fact]
    public void First_and_Single_have_their_meaning()
    {
        Assert.Equal(1, Connection.QueryFirst<int>("SELECT id FROM users"));
        Assert.Equal(0, Connection.QueryFirstOrDefault<int>("SELECT id FROM users WHERE id = 99"));
        Assert.Null(Connection.QuerySingleOrDefault<User>("SELECT * FROM users WHERE id = 99"));
        Assert.Throws<InvalidOperationException>(() => Connection.QueryFirst<int>("SELECT id FROM users WHERE id = 99"));
        Assert.Throws<InvalidOperationException>(() => Connection.QuerySingle<int>("SELECT id FROM users"));
        Assert.Throws<InvalidOperationException>(() => Connection.QuerySingleOrDefault<int>("SELECT id FROM users"));
    }

    [Theory]
    [InlineData("SELECT COUNT(*) FROM users", 3)]
    [InlineData("SELECT COUNT(1) FROM users", 3)]
    [InlineData("SELECT MAX(age) FROM users", 50)]
    [InlineData("SELECT SUM(age) FROM users WHERE age IS NOT NULL", 80)]
    [InlineData("SELECT @a + 2", 44)]
    public void Scalars_convert(string text, int expected) => Assert.Equal(expected, Connection.ExecuteScalar<int>(text, new { a = 42 }));

    [Fact]
    public void A_null_scalar_is_null()
    {
        Assert.Null(Connection.ExecuteScalar<int?>("SELECT age FROM users WHERE id = 2"));
        Assert.Null(Connection.ExecuteScalar<string>("SELECT name FROM users WHERE id = 99"));
        Assert.Equal(0, Connection.ExecuteScalar<int>("SELECT age FROM users WHERE id = 2"));
    }

    [Fact]
    public void A_closed_connection_is_opened_and_closed()
    {
        using var closed = fixture.Closed;
        Assert.Equal("Ann", closed.QuerySingle<string>("SELECT name FROM users WHERE id = 1"));
        Assert.Equal(ConnectionState.Closed, closed.State);
        using (var reader = closed.ExecuteReader("SELECT name FROM users"))
        {
            Assert.True(reader.Read());
            Assert.Equal(ConnectionState.Open, closed.State);
        }

        Assert.Equal(ConnectionState.Closed, closed.State);
    }

    [Fact]
    public void ExecuteReader_gives_a_reader()
    {
        using var reader = Connection.ExecuteReader("SELECT id, name FROM users WHERE id = @id", new { id = 2 });
        var table = new DataTable();
        table.Load(reader);
        Assert.Equal("Ben", Assert.Single(table.Rows.Cast<DataRow>())["name"]);
    }

    [Fact]
    public void Row_parsers_read_rows_of_different_kinds()
    {
        using var reader = Connection.ExecuteReader("SELECT 'person' AS kind, 1 AS id, 'Ann' AS name UNION ALL SELECT 'user', 2, 'Ben'");
        var person = reader.GetRowParser<Person>(startIndex: 1, length: 2);
        var user = reader.GetRowParser<User>(startIndex: 1, length: 2);
        var things = new List<object>();
        while (reader.Read())
        {
            things.Add(reader.GetString(0) == "person" ? person(reader) : user(reader));
        }

        Assert.Equal(new Person(1, "Ann"), things[0]);
        Assert.Equal("Ben", Assert.IsType<User>(things[1]).Name);
    }

    [Fact]
    public void Objects_are_mapped_over_several_columns()
    {
        var pairs = Connection.Query<User, Person, (User User, Person Person)>(
            "SELECT 1 AS id, 'abc' AS name, 2 AS id, 'def' AS name", static (user, person) => (user, person), splitOn: "id");
        var pair = Assert.Single(pairs);
        Assert.Equal("abc", pair.User.Name);
        Assert.Equal(new Person(2, "def"), pair.Person);
    }

    [Fact]
    public void A_part_of_NULLs_is_a_null_object()
    {
        var pairs = Connection.Query<User, User, (User, User)>("SELECT 1 AS id, 'abc' AS name, NULL AS id, NULL AS name", static (one, other) => (one, other), splitOn: "id");
        Assert.Null(Assert.Single(pairs).Item2);
    }

    [Fact]
    public void Three_objects_are_mapped()
    {
        var rows = Connection.Query<User, User, User, string>(
            "SELECT 1 AS id, 'a' AS name, 2 AS id, 'b' AS name, 3 AS id, 'c' AS name", static (one, two, three) => $"{one.Id}{one.Name}{two.Id}{two.Name}{three.Id}{three.Name}", splitOn: "id,id");
        Assert.Equal("1a2b3c", Assert.Single(rows));
    }

    [Fact]
    public void Several_results_are_read_one_by_one()
    {
        using var grid = Connection.QueryMultiple("SELECT 1; SELECT name FROM users WHERE id = 99; SELECT @a; SELECT * FROM users", new { a = "x" });
        Assert.Equal(1, grid.ReadSingle<int>());
        Assert.Empty(grid.Read<string>());
        Assert.Equal("x", grid.ReadSingle<string>());
        Assert.Equal(3, grid.Read<User>(buffered: false).Count());
        Assert.True(grid.IsConsumed);
    }

    [Fact]
    public void A_disposed_grid_is_disposed()
    {
        var grid = Connection.QueryMultiple("SELECT 1; SELECT 2");
        Assert.Equal(1, grid.ReadFirst<int>());
        grid.Dispose();
        Assert.Throws<ObjectDisposedException>(() => grid.ReadFirst<int>());
        Assert.Equal(1, Connection.ExecuteScalar<int>("SELECT 1"));
    }

    [Fact]
    public void Columns_match_in_any_case_and_with_quotes()
    {
        var user = Connection.QuerySingle<User>("SELECT [ID], \"Name\" nAmE FROM Users WHERE id = 1");
        Assert.Equal(1, user.Id);
        Assert.Equal("Ann", user.Name);
    }

    [Fact]
    public void The_query_cache_is_keyed_by_the_connection_string()
    {
        Assert.Same(fixture.Connection.ConnectionString, fixture.Connection.ConnectionString);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal("Ann", Connection.QuerySingle<string>("SELECT name FROM users WHERE id = @id", new { id = 1 }));
        }
    }

    [Fact]
    public void A_column_of_any_type_gives_each_value_its_own()
    {
        using var db = fixture.Source.OpenConnection();
        db.Execute("UPSERT INTO kv VALUES (@k, @v)", new[] { new { k = "n", v = (object)1 }, new { k = "t", v = (object)"text" }, new { k = "d", v = (object)1.5m } });
        Assert.Equal([1.5m, 1, "text"], db.Query("SELECT v FROM kv ORDER BY k").Select(static row => (object)row.v));
        Assert.Equal(1, db.QuerySingle<int>("SELECT v FROM kv WHERE k = 'n'"));
    }

    [Fact]
    public void Grids_and_objects_survive_an_error()
    {
        Assert.Throws<LsmException>(() => Connection.Query<int>("SELECT id FROM nowhere"));
        Assert.Throws<LsmException>(() => Connection.Execute("INSERT INTO users VALUES (1, 'again', 1, 1)"));
        Assert.Equal(3, Connection.ExecuteScalar<int>("SELECT COUNT(*) FROM users"));
    }

    private sealed record Person(int Id, string Name);
}
