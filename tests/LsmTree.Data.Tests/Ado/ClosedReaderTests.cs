namespace LsmTree.Data.Tests.Ado;

/// <summary>A reader that is kept past its Dispose stays closed when its command is executed again: it gives no rows of that execution, and does not end it.</summary>
public sealed class ClosedReaderTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open();

    public ClosedReaderTests() => _connection.Execute("INSERT INTO kv VALUES (1, 'one'), (2, 'two'), (3, 'three')");

    public static TheoryData<string, Action<LsmDataReader>> Uses => new()
    {
        { "Read", static reader => reader.Read() },
        { "NextResult", static reader => reader.NextResult() },
        { "HasRows", static reader => _ = reader.HasRows },
        { "FieldCount", static reader => _ = reader.FieldCount },
        { "GetName", static reader => reader.GetName(0) },
        { "GetOrdinal", static reader => reader.GetOrdinal("v") },
        { "GetDataTypeName", static reader => reader.GetDataTypeName(0) },
        { "GetFieldType", static reader => reader.GetFieldType(0) },
        { "GetValue", static reader => reader.GetValue(0) },
        { "GetValues", static reader => reader.GetValues(new object[1]) },
        { "GetString", static reader => reader.GetString(0) },
        { "GetFieldValue", static reader => reader.GetFieldValue<string>(0) },
        { "GetStream", static reader => reader.GetStream(0) },
        { "TryGetSpan", static reader => reader.TryGetSpan(0, out _) },
        { "GetUtf8Span", static reader => reader.GetUtf8Span(0) },
        { "IsDBNull", static reader => reader.IsDBNull(0) },
        { "the indexer", static reader => _ = reader["v"] },
        { "GetSchemaTable", static reader => reader.GetSchemaTable() },
        { "GetColumnSchema", static reader => reader.GetColumnSchema() },
        { "GetEnumerator", static reader => reader.GetEnumerator().MoveNext() },
    };

    [Theory]
    [MemberData(nameof(Uses), DisableDiscoveryEnumeration = true)]
    public void A_closed_reader_gives_nothing_of_the_next_execution(string use, Action<LsmDataReader> act)
    {
        using var command = Select();
        var closed = Closed(command, 1);
        using var open = Execute(command, 2);
        Assert.True(open.Read());

        Assert.True(closed.IsClosed);
        Assert.True(Assert.Throws<InvalidOperationException>(() => act(closed)).Message.Contains("closed", StringComparison.Ordinal), use);
        Assert.Equal("two", open.GetString(0));
    }

    [Fact]
    public async Task Its_asynchronous_calls_fail_too()
    {
        using var command = Select();
        var closed = Closed(command, 1);
        using var cancellation = new CancellationTokenSource();
        using var open = Execute(command, 2);
        Assert.True(open.Read());

        await Assert.ThrowsAsync<InvalidOperationException>(() => closed.ReadAsync(cancellation.Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => closed.NextResultAsync(cancellation.Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => closed.GetFieldValueAsync<string>(0, cancellation.Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => closed.IsDBNullAsync(0, cancellation.Token));
        Assert.Equal("two", open.GetString(0));
    }

    [Fact]
    public async Task Closing_it_again_does_not_close_the_next_execution()
    {
        using var command = Select();
        var closed = Closed(command, 1);
        using var open = Execute(command, 2);

        closed.Close();
        closed.Dispose();
        await closed.DisposeAsync();

        Assert.False(open.IsClosed);
        Assert.True(open.Read());
    }

    [Fact]
    public void It_keeps_its_count_of_rows()
    {
        using var command = _connection.Command("INSERT INTO kv VALUES (@k, 'x') RETURNING k", ("k", 10));
        var closed = command.ExecuteReader();
        closed.Dispose();
        command.CommandText = "SELECT 1";
        using var open = command.ExecuteReader();

        Assert.Equal(1, closed.RecordsAffected);
        Assert.Equal(-1, open.RecordsAffected);
    }

    [Fact]
    public void An_enumeration_that_was_left_does_not_go_on_in_the_next_execution()
    {
        using var command = _connection.Command("SELECT v FROM kv WHERE k >= @k ORDER BY k", ("k", 1));
        var left = command.ExecuteReader().GetEnumerator();
        Assert.True(left.MoveNext());
        _connection.Close();
        _connection.Open();
        _connection.Execute("UPSERT INTO kv VALUES (1, 'one'), (2, 'two')");
        using var open = Execute(command, 2);

        Assert.Throws<InvalidOperationException>(() => left.MoveNext());
        Assert.True(open.Read());
        Assert.Equal("two", open.GetString(0));
    }

    [Fact]
    public void A_batch_keeps_its_readers_apart_as_well()
    {
        using var batch = _connection.CreateBatch();
        batch.BatchCommands.Add(new LsmBatchCommand("SELECT v FROM kv WHERE k = 1"));
        var closed = batch.ExecuteReader();
        closed.Dispose();
        using var open = batch.ExecuteReader();

        Assert.Throws<InvalidOperationException>(() => closed.Read());
        closed.Dispose();
        Assert.True(open.Read());
    }

    [Fact]
    public void Each_of_the_last_thirty_readers_stays_closed()
    {
        using var command = Select();
        var closed = new List<LsmDataReader>();
        for (var execution = 0; execution < 200; execution++)
        {
            using var open = Execute(command, 1 + (execution % 3));
            Assert.All(closed.TakeLast(ResultCursor.MostReaders - 1), static reader => Assert.Throws<InvalidOperationException>(() => reader.Read()));
            Assert.True(open.Read());
            closed.Add(open);
        }

        Assert.Equal(ResultCursor.MostReaders, closed.Distinct().Count());
    }

    public void Dispose() => _connection.Dispose();

    private LsmCommand Select() => _connection.Command("SELECT v FROM kv WHERE k = @k", ("k", 0));

    private static LsmDataReader Execute(LsmCommand command, int key)
    {
        command.Parameters[0].Value = key;
        return command.ExecuteReader();
    }

    private static LsmDataReader Closed(LsmCommand command, int key)
    {
        var reader = Execute(command, key);
        Assert.True(reader.Read());
        reader.Dispose();
        return reader;
    }
}
