namespace LsmTree.Data.Conformance;

/// <summary>GetBytes, GetChars, streams and text readers.</summary>
public sealed class LargeValueTests : IDisposable
{
    private readonly DbConnection _connection = Provider.OpenConnection();
    private readonly DbDataReader _reader;

    public LargeValueTests()
    {
        _reader = _connection.Command("SELECT X'01020304', 'abcd', NULL, 'ab¢d', '€', '𝄞';").ExecuteReader();
        Assert.True(_reader.Read());
    }

    public static TheoryData<bool> BytesAndChars => [true, false];

    [Theory]
    [MemberData(nameof(BytesAndChars))]
    public void Without_a_buffer_the_length_is_given(bool bytes) => Assert.Equal(4, Get(bytes, 0, null, 0, 0));

    [Theory]
    [MemberData(nameof(BytesAndChars))]
    public void A_negative_data_offset_is_out_of_range(bool bytes) =>
        Provider.ThrowsOneOf(() => Get(bytes, -1, 4, 0, 4), typeof(ArgumentOutOfRangeException), typeof(IndexOutOfRangeException), typeof(InvalidOperationException));

    [Theory]
    [MemberData(nameof(BytesAndChars))]
    public void Past_the_end_of_the_data_nothing_is_read(bool bytes)
    {
        Assert.Equal(0, Get(bytes, 4, 4, 0, 4));
        Assert.Equal(0, Get(bytes, 6, 4, 0, 4));
        Assert.Equal(0, Get(bytes, long.MaxValue, 4, 0, 4));
    }

    [Theory]
    [InlineData(true, -1, 4)]
    [InlineData(false, -1, 4)]
    [InlineData(true, 5, 0)]
    [InlineData(false, 5, 0)]
    public void A_buffer_offset_outside_of_the_buffer_is_out_of_range(bool bytes, int bufferOffset, int length) =>
        Provider.ThrowsOneOf(() => Get(bytes, 0, 4, bufferOffset, length), typeof(ArgumentOutOfRangeException), typeof(IndexOutOfRangeException));

    [Theory]
    [MemberData(nameof(BytesAndChars))]
    public void At_the_end_of_the_buffer_nothing_is_read(bool bytes) => Assert.Equal(0, Get(bytes, 0, 4, 4, 0));

    [Theory]
    [InlineData(true, 2, 3)]
    [InlineData(false, 2, 3)]
    [InlineData(true, 4, int.MaxValue)]
    [InlineData(false, 4, int.MaxValue)]
    public void More_than_the_buffer_holds_is_refused(bool bytes, int bufferOffset, int length) =>
        Provider.ThrowsOneOf(() => Get(bytes, 0, 4, bufferOffset, length), typeof(ArgumentException), typeof(ArgumentOutOfRangeException), typeof(IndexOutOfRangeException));

    [Fact]
    public void All_bytes_fit_a_large_buffer()
    {
        var buffer = new byte[6];
        Assert.Equal(4, _reader.GetBytes(0, 0, buffer, 0, 6));
        Assert.Equal(new byte[] { 1, 2, 3, 4, 0, 0 }, buffer);
    }

    [Fact]
    public void Some_bytes_are_read_into_the_middle()
    {
        var buffer = new byte[5];
        Assert.Equal(2, _reader.GetBytes(0, 1, buffer, 2, 2));
        Assert.Equal(new byte[] { 0, 0, 2, 3, 0 }, buffer);
    }

    [Fact]
    public void All_characters_fit_a_large_buffer()
    {
        var buffer = new char[6];
        Assert.Equal(4, _reader.GetChars(1, 0, buffer, 0, 6));
        Assert.Equal("abcd\0\0", new string(buffer));
    }

    [Fact]
    public void Some_characters_are_read_into_the_middle()
    {
        var buffer = new char[5];
        Assert.Equal(2, _reader.GetChars(1, 1, buffer, 2, 2));
        Assert.Equal("\0\0bc\0", new string(buffer));
    }

    [Fact]
    public void Characters_outside_of_ASCII_count_as_UTF16_units()
    {
        var buffer = new char[2];
        Assert.Equal(2, _reader.GetChars(3, 2, buffer, 0, 2));
        Assert.Equal("¢d", new string(buffer));
        Assert.Equal(4, _reader.GetChars(3, 0, null, 0, 0));
    }

    [Theory]
    [InlineData(3, "ab¢d")]
    [InlineData(4, "€")]
    [InlineData(5, "𝄞")]
    public void Literals_of_every_UTF8_length_come_back(int ordinal, string expected)
    {
        Assert.Equal(expected, _reader.GetString(ordinal));
        Assert.Equal(expected, _reader.GetTextReader(ordinal).ReadToEnd());
    }

    [Fact]
    public async Task Streams_read_bytes()
    {
        Assert.Equal([1, 2, 3, 4], Content(_reader.GetStream(0)));
        Assert.Equal([1, 2, 3, 4], Content(_reader.GetFieldValue<Stream>(0)));
        Assert.Equal([1, 2, 3, 4], Content(await _reader.GetFieldValueAsync<Stream>(0)));
        Assert.Equal([1, 2, 3, 4], _reader.GetFieldValue<ReadOnlyMemory<byte>>(0).ToArray());
    }

    [Fact]
    public async Task Text_readers_read_text()
    {
        Assert.Equal("abcd", _reader.GetTextReader(1).ReadToEnd());
        Assert.Equal("abcd", _reader.GetFieldValue<TextReader>(1).ReadToEnd());
        Assert.Equal("abcd", (await _reader.GetFieldValueAsync<TextReader>(1)).ReadToEnd());
        Assert.Equal("abcd", new string(_reader.GetFieldValue<char[]>(1)));
    }

    [Fact]
    public async Task NULL_is_no_stream_and_no_text()
    {
        Assert.Throws<InvalidCastException>(() => _reader.GetStream(2));
        Assert.Throws<InvalidCastException>(() => _reader.GetTextReader(2));
        Assert.Throws<InvalidCastException>(() => _reader.GetFieldValue<Stream>(2));
        Assert.Throws<InvalidCastException>(() => _reader.GetFieldValue<TextReader>(2));
        await Assert.ThrowsAsync<InvalidCastException>(() => _reader.GetFieldValueAsync<Stream>(2));
        await Assert.ThrowsAsync<InvalidCastException>(() => _reader.GetFieldValueAsync<TextReader>(2));
        Assert.Throws<InvalidCastException>(() => _reader.GetBytes(2, 0, null, 0, 0));
        Assert.Throws<InvalidCastException>(() => _reader.GetChars(2, 0, null, 0, 0));
    }

    [Fact]
    public void Text_is_no_stream_and_bytes_are_no_text()
    {
        Assert.Throws<InvalidCastException>(() => _reader.GetStream(1));
        Assert.Throws<InvalidCastException>(() => _reader.GetBytes(1, 0, null, 0, 0));
        Assert.Throws<InvalidCastException>(() => _reader.GetTextReader(0));
        Assert.Throws<InvalidCastException>(() => _reader.GetChars(0, 0, null, 0, 0));
    }

    public void Dispose()
    {
        _reader.Dispose();
        _connection.Dispose();
    }

    private long Get(bool bytes, long dataOffset, int? bufferLength, int bufferOffset, int length) => bytes
        ? _reader.GetBytes(0, dataOffset, bufferLength is { } bytesLength ? new byte[bytesLength] : null, bufferOffset, length)
        : _reader.GetChars(1, dataOffset, bufferLength is { } charsLength ? new char[charsLength] : null, bufferOffset, length);

    private static byte[] Content(Stream stream)
    {
        using var copy = new MemoryStream();
        using (stream)
        {
            stream.CopyTo(copy);
        }

        return copy.ToArray();
    }
}
