using System.Data;
using LsmTree.Data.Execution;
using LsmTree.Data.Schemas;
using LsmTree.Data.Sessions;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Ado;

/// <summary>Two threads on one reader: the one that comes while the other reads is told so, and the reader is as if it had not come.</summary>
public sealed class ConcurrentReadingTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open();

    public static TheoryData<string, Action<LsmDataReader>> Calls => new()
    {
        { "Read", static reader => reader.Read() },
        { "ReadAsync", static reader => reader.ReadAsync(CancellationToken.None).GetAwaiter().GetResult() },
        { "NextResult", static reader => reader.NextResult() },
        { "Close", static reader => reader.Close() },
        { "Dispose", static reader => reader.Dispose() },
    };

    [Theory]
    [MemberData(nameof(Calls), DisableDiscoveryEnumeration = true)]
    public async Task A_call_while_another_thread_reads_is_refused(string call, Action<LsmDataReader> other)
    {
        var rows = new BlockedRows();
        using var reader = Open(rows);
        var reading = Task.Run(() => reader.Read());
        await rows.Began;

        var error = Assert.Throws<InvalidOperationException>(() => other(reader));
        Assert.True(error.Message.Contains("another thread", StringComparison.Ordinal), call);

        rows.Release();
        Assert.True(await reading);
        Assert.Equal(7, reader.GetInt32(0));
        Assert.False(reader.Read());
    }

    [Fact]
    public void A_reader_can_be_closed_after_a_call_that_failed()
    {
        var rows = new BlockedRows { Failure = new IOException("the device is gone") };
        rows.Release();
        var reader = Open(rows);

        Assert.Throws<LsmException>(() => reader.Read());
        reader.Close();

        Assert.True(rows.IsDisposed);
        Assert.Equal(1, _connection.Scalar("SELECT 1"));
    }

    public void Dispose() => _connection.Dispose();

    private LsmDataReader Open(BlockedRows rows)
    {
        var results = new ResultCursor();
        var run = _connection.Gate.Rent();
        run.Start(0, CancellationToken.None);
        results.Open(_connection, run, CommandBehavior.Default);
        var column = new ResultColumn("n", SqlType.Int32, "INTEGER");
        results.Add(new StatementResult([column], rows, -1), _connection.OpenSession().Prepare("SELECT 1"), 0);
        run.EndCall();
        return results.GiveReader();
    }

    /// <summary>One row, which comes when it is released.</summary>
    private sealed class BlockedRows : IRowSource
    {
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();
        private int _rows = 1;

        public Exception? Failure { get; init; }

        public bool IsDisposed { get; private set; }

        public Task Began => _began.Task;

        public void Release() => _released.Set();

        public bool Read()
        {
            _began.TrySetResult();
            _released.Wait();
            return Failure is null ? _rows-- > 0 : throw Failure;
        }

        public void GetValue(int ordinal, out SqlValue value) => value = SqlValue.FromInt32(7);

        public void Dispose()
        {
            IsDisposed = true;
            _released.Dispose();
        }
    }
}
