using Dapper;

namespace LsmTree.Data.Tests.Ado;

/// <summary>
/// What an execution allocates beside the value that its caller gets. The limits leave some room for builds without optimisation, and none for
/// an object that somebody forgets on the way of every row.
/// </summary>
public sealed class AllocationTests : IDisposable
{
    private const int ValueBytes = 100;
    private const int ValueArray = ValueBytes + 24 + 4; // header, length, padding
    private const int Warmup = 200;
    private const int Executions = 1_000;

    private readonly LsmConnection _connection = Memory.Open();
    private readonly byte[] _key = new byte[16];

    public AllocationTests()
    {
        _connection.Execute("CREATE TABLE t (k BLOB PRIMARY KEY, v BLOB)");
        _connection.Execute("INSERT INTO t VALUES (@k, @v)", ("k", _key), ("v", new byte[ValueBytes]));
    }

    [Fact]
    public void A_point_read_with_a_kept_command_allocates_its_value()
    {
        using var command = _connection.Command("SELECT v FROM t WHERE k = @k", ("k", _key));
        AssertAllocates(ValueArray + 16, () =>
        {
            using var reader = command.ExecuteReader();
            Assert.True(reader.Read());
            _ = (byte[])reader.GetValue(0);
        });
    }

    [Fact]
    public void A_scalar_with_a_kept_command_allocates_its_value()
    {
        using var command = _connection.Command("SELECT v FROM t WHERE k = @k", ("k", _key));
        AssertAllocates(ValueArray + 16, () => command.ExecuteScalar());
    }

    [Fact]
    public void A_missing_key_allocates_nothing()
    {
        using var command = _connection.Command("SELECT v FROM t WHERE k = @k", ("k", new byte[] { 1 }));
        AssertAllocates(16, () => command.ExecuteScalar());
    }

    [Fact]
    public void A_new_command_each_time_allocates_the_command_and_its_parameter() => AssertAllocates(400, () =>
    {
        using var command = new LsmCommand("SELECT v FROM t WHERE k = @k", _connection);
        command.Parameters.AddWithValue("@k", _key);
        command.ExecuteScalar();
    });

    [Fact]
    public void Dapper_allocates_less_than_a_kilobyte() =>
        AssertAllocates(1_000, () => _connection.QuerySingle<byte[]>("SELECT v FROM t WHERE k = @k", new { k = _key }));

    [Fact]
    public void Opening_a_connection_to_an_open_engine_is_cheap() => AssertOpeningIsCheap("Mode=Memory;Data Source=allocation");

    [Fact]
    public void Opening_stays_cheap_in_a_process_that_has_used_many_connection_strings()
    {
        for (var other = 0; other < 200; other++)
        {
            using var once = new LsmConnection($"Data Source=never-opened-{other}");
        }

        AssertOpeningIsCheap("Mode=Memory;Data Source=allocation-late");
    }

    public void Dispose() => _connection.Dispose();

    private static void AssertOpeningIsCheap(string shared)
    {
        using var keep = new LsmConnection(shared);
        keep.Open();
        AssertAllocates(1_000, () =>
        {
            using var connection = new LsmConnection(shared);
            connection.Open();
        });
    }

    private static void AssertAllocates(long most, Action execute)
    {
        for (var round = 0; round < Warmup; round++)
        {
            execute();
        }

        var each = Allocations.Least(() =>
        {
            for (var round = 0; round < Executions; round++)
            {
                execute();
            }
        }) / Executions;
        Assert.True(each <= most, $"{each} bytes were allocated by each execution, at most {most} are expected.");
    }
}
