using System.Text;

namespace LsmTree.Data.Tests.Ado;

/// <summary>Bytes where the reader has them: what they are, and for how long.</summary>
public sealed class ReaderSpanTests : IDisposable
{
    private readonly LsmConnection _connection = Memory.Open(";Memtable Size=64KB;Memory Budget=1MB");

    [Fact]
    public void Bytes_of_BLOB_and_TEXT_are_read_where_they_are()
    {
        _connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, s TEXT, n TEXT)");
        _connection.Execute("INSERT INTO t VALUES (1, X'00FF', 'größe €😀', NULL), (2, X'', '', NULL)");
        using var reader = _connection.Command("SELECT b, s, n FROM t").ExecuteReader();
        Assert.True(reader.Read());
        Assert.True(reader.TryGetSpan(0, out var bytes));
        Assert.True(reader.TryGetSpan(1, out var text));
        Assert.Equal([0, 255], bytes.ToArray());
        Assert.Equal("größe €😀"u8.ToArray(), text.ToArray());
        Assert.Equal("größe €😀"u8.ToArray(), reader.GetUtf8Span(1).ToArray());
        Assert.False(reader.TryGetSpan(2, out var none));
        Assert.True(none.IsEmpty);
        Assert.True(reader.Read());
        Assert.True(reader.TryGetSpan(0, out bytes) && bytes.IsEmpty);
        Assert.True(reader.TryGetSpan(1, out text) && text.IsEmpty);
        Assert.True(reader.GetUtf8Span(1).IsEmpty);
    }

    [Fact]
    public void Texts_that_are_no_column_are_encoded()
    {
        using var reader = _connection.Command("SELECT 'ä', @p, 'x' || 'y'", ("p", "ö")).ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal("ä"u8.ToArray(), reader.GetUtf8Span(0).ToArray());
        Assert.True(reader.TryGetSpan(1, out var text));
        Assert.Equal("ö"u8.ToArray(), text.ToArray());
        Assert.Equal("xy"u8.ToArray(), reader.GetUtf8Span(2).ToArray());
    }

    [Fact]
    public void Other_types_and_places_without_a_row_are_refused()
    {
        var reader = _connection.Command("SELECT 1, X'00', NULL, 'a'").ExecuteReader();
        Assert.Throws<InvalidOperationException>(() => reader.TryGetSpan(3, out _));
        Assert.Throws<InvalidOperationException>(() => _ = reader.GetUtf8Span(3));
        Assert.True(reader.Read());
        Assert.Throws<InvalidCastException>(() => reader.TryGetSpan(0, out _));
        Assert.Throws<InvalidCastException>(() => _ = reader.GetUtf8Span(0));
        Assert.Throws<InvalidCastException>(() => _ = reader.GetUtf8Span(1));
        Assert.Throws<InvalidCastException>(() => _ = reader.GetUtf8Span(2));
        Assert.Throws<IndexOutOfRangeException>(() => reader.TryGetSpan(4, out _));
        reader.Close();
        Assert.Throws<InvalidOperationException>(() => reader.TryGetSpan(3, out _));
        Assert.Throws<InvalidOperationException>(() => _ = reader.GetUtf8Span(3));
    }

    [Theory]
    [InlineData("SELECT s, t, v FROM r WHERE s = 's1' AND t = 't1'")]
    [InlineData("SELECT s, t, v FROM r WHERE s = 's1'")]
    [InlineData("SELECT v, s, t FROM r WHERE s IN ('s1', 's2') ORDER BY t")]
    public void A_span_stays_as_it_is_until_the_reader_moves(string text)
    {
        _connection.Execute("CREATE TABLE r (s TEXT, t TEXT, v BLOB, PRIMARY KEY (s, t))");
        _connection.Execute("INSERT INTO r VALUES ('s1', 't1', @v), ('s1', 't2', @v), ('s2', 't1', X'02')", ("v", new byte[3_000]));
        using var reader = _connection.Command(text).ExecuteReader();
        Assert.True(reader.Read());
        Assert.True(reader.TryGetSpan(reader.GetOrdinal("v"), out var value));
        var first = reader.GetUtf8Span(reader.GetOrdinal("s"));
        var second = reader.GetUtf8Span(reader.GetOrdinal("t"));

        // Everything else that may happen on the connection and in the store meanwhile, the blocks and memtables of the row's origin going away included.
        for (var round = 0; round < 40; round++)
        {
            _connection.Execute("UPSERT INTO r VALUES ('s1', 't1', @v), ('s2', @t, @v)", ("t", "t" + round), ("v", Filled(5_000, 7)));
            Assert.Equal("s1", _connection.Scalar("SELECT s FROM r WHERE s = 's1' AND t = 't1'"));
            _connection.Store.Flush();
        }

        _connection.Store.Compact();
        GC.Collect();
        Assert.Equal("s1"u8.ToArray(), first.ToArray());
        Assert.Equal("t1"u8.ToArray(), second.ToArray());
        Assert.Equal(new byte[3_000], value.ToArray());
    }

    [Fact]
    public void A_reader_that_was_opened_anew_gives_its_own_bytes()
    {
        _connection.Execute("INSERT INTO kv VALUES ('a', 'first'), ('b', 'second')");
        using var command = _connection.Command("SELECT v FROM kv WHERE k = @k", ("k", "a"));
        var stale = command.ExecuteReader();
        Assert.True(stale.Read());
        Assert.Equal("first"u8.ToArray(), stale.GetUtf8Span(0).ToArray());
        stale.Dispose();
        Assert.Throws<InvalidOperationException>(() => _ = stale.GetUtf8Span(0));
        command.Parameters[0].Value = "b";
        using var reader = command.ExecuteReader();
        Assert.Throws<InvalidOperationException>(() => _ = reader.GetUtf8Span(0)); // before Read: nothing is left of the last execution
        Assert.True(reader.Read());
        Assert.Equal("second"u8.ToArray(), reader.GetUtf8Span(0).ToArray());
    }

    [Fact]
    public void Spans_of_a_scan_are_those_of_its_rows()
    {
        _connection.Execute("CREATE TABLE r (k TEXT PRIMARY KEY, v BLOB)");
        for (var i = 0; i < 2_000; i++)
        {
            _connection.Execute("UPSERT INTO r VALUES (@k, @v)", ("k", $"k{i:0000}"), ("v", Filled(i % 97, (byte)i)));
        }

        using var reader = _connection.Command("SELECT k, v FROM r").ExecuteReader();
        for (var i = 0; i < 2_000; i++)
        {
            Assert.True(reader.Read());
            Assert.Equal(Encoding.UTF8.GetBytes($"k{i:0000}"), reader.GetUtf8Span(0).ToArray());
            Assert.True(reader.TryGetSpan(1, out var value));
            Assert.Equal(Filled(i % 97, (byte)i), value.ToArray());
        }
    }

    [Fact]
    public void Getters_by_name_are_those_by_ordinal()
    {
        _connection.Execute("CREATE TABLE r (id INT8 PRIMARY KEY, d DATE, t TIME, z TIMESTAMPTZ, a UINT16, b UINT32, c UINT64)");
        _connection.Execute("INSERT INTO r VALUES (-1, '2024-02-29', '01:02:03', '2024-02-29 01:02:03+01:00', 65535, 4294967295, 18446744073709551615)");
        using var reader = _connection.Command("SELECT * FROM r").ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(-1, reader.GetSByte("ID"));
        Assert.Equal(new DateOnly(2024, 2, 29), reader.GetDateOnly("d"));
        Assert.Equal(new TimeOnly(1, 2, 3), reader.GetTimeOnly("t"));
        Assert.Equal(new TimeSpan(1, 2, 3), reader.GetTimeSpan("t"));
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(1)), reader.GetDateTimeOffset("z"));
        Assert.Equal(ushort.MaxValue, reader.GetUInt16("a"));
        Assert.Equal(uint.MaxValue, reader.GetUInt32("b"));
        Assert.Equal(ulong.MaxValue, reader.GetUInt64("c"));
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetUInt64("none"));
    }

    public void Dispose() => _connection.Dispose();

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }
}
