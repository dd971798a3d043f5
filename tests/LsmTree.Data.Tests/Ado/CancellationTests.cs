using System.Diagnostics;

namespace LsmTree.Data.Tests.Ado;

/// <summary>
/// Statements that would take very long are ended early: by DbCommand.Cancel, by the timeout, by a token. The tests wait for the end, never for
/// a time; a cancellation that does not work shows as a test that takes minutes.
/// </summary>
public sealed class CancellationTests : IDisposable
{
    private const int Rows = 20_000;

    private readonly LsmConnection _connection = Memory.Open();

    public CancellationTests()
    {
        _connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
        using var command = _connection.Command("UPSERT INTO t VALUES (@id, 'some text that is long enough')");
        var id = command.Parameters.Add(new LsmParameter<int>("id"));
        using var transaction = _connection.BeginTransaction();
        command.Transaction = transaction;
        for (id.TypedValue = 0; id.TypedValue < Rows; id.TypedValue++)
        {
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    [Fact]
    public async Task A_cancelled_token_ends_a_scan_with_a_cancelled_task()
    {
        using var source = new CancellationTokenSource();
        using var reader = await _connection.Command("SELECT id FROM t").ExecuteReaderAsync(source.Token);
        Assert.True(await reader.ReadAsync(source.Token));
        await source.CancelAsync();
        var rows = 0;
        var task = Task.FromResult(true);
        while (!task.IsCanceled && rows++ < Rows)
        {
            task = reader.ReadAsync(source.Token);
        }

        Assert.Equal(1, rows);
        Assert.True(task.IsCanceled);
    }

    [Fact]
    public void Cancel_ends_an_open_reader()
    {
        using var command = _connection.Command("SELECT id FROM t");
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        command.Cancel();
        var error = Assert.Throws<LsmException>(() => Count(reader));
        Assert.Equal(LsmErrorCode.Canceled, error.Code);
        Assert.Equal("57014", error.SqlState);
        reader.Close();
        Assert.Equal((long)Rows, _connection.Scalar("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_command_is_usable_after_it_was_cancelled()
    {
        using var command = _connection.Command("SELECT id FROM t");
        for (var round = 0; round < 3; round++)
        {
            using (var reader = command.ExecuteReader())
            {
                command.Cancel();
                Assert.Throws<LsmException>(() => Count(reader));
            }

            using var again = command.ExecuteReader();
            Assert.Equal(Rows, Count(again));
        }
    }

    [Fact]
    public void Cancelling_one_reader_leaves_the_others_alone()
    {
        using var one = _connection.Command("SELECT id FROM t");
        using var other = _connection.Command("SELECT id FROM t");
        using var cancelled = one.ExecuteReader();
        using var going = other.ExecuteReader();
        one.Cancel();
        Assert.Throws<LsmException>(() => Count(cancelled));
        Assert.Equal(Rows, Count(going));
    }

    [Fact]
    public async Task Cancel_from_another_thread_ends_a_statement_that_runs()
    {
        using var command = _connection.Command(Slow);
        var running = Task.Run(() => command.ExecuteScalar());
        while (!running.IsCompleted)
        {
            command.Cancel();
            await Task.Yield();
        }

        var error = await Assert.ThrowsAsync<LsmException>(() => running);
        Assert.Equal(LsmErrorCode.Canceled, error.Code);
    }

    [Fact]
    public void CommandTimeout_ends_a_statement_that_runs_too_long()
    {
        using var command = _connection.Command(Slow);
        command.CommandTimeout = 1;
        var clock = Stopwatch.StartNew();
        var error = Assert.Throws<LsmException>(() =>
        {
            while (clock.Elapsed < TimeSpan.FromMinutes(2))
            {
                command.ExecuteScalar(); // should one execution be faster than a second, there is nothing to end
                command.CommandText = command.CommandText.Replace("UNION ALL", "UNION ALL SELECT COUNT(*) AS n FROM t WHERE v LIKE '%zzz%' UNION ALL", StringComparison.Ordinal);
            }
        });
        Assert.Equal(LsmErrorCode.Canceled, error.Code);
        Assert.Contains("CommandTimeout", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 s", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>Three hundred scans that find nothing, sorted so that the first row needs them all.</summary>
    private static string Slow => string.Join(" UNION ALL ", Enumerable.Repeat("SELECT COUNT(*) AS n FROM t WHERE v LIKE '%nothing%like%this%'", 300)) + " ORDER BY n";

    private static int Count(LsmDataReader reader)
    {
        var rows = 0;
        while (reader.Read())
        {
            rows++;
        }

        return rows;
    }
}
