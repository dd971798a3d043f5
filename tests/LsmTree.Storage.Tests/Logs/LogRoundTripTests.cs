using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Tests.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Logs;

public sealed class LogRoundTripTests
{
    [Theory]
    [InlineData("disk", true)]
    [InlineData("disk", false)]
    [InlineData("memory", true)]
    [InlineData("faulty", true)]
    public void Records_of_all_sizes_come_back_in_order(string name, bool mapped)
    {
        using var under = FileSystemUnderTest.Create(name);
        var identity = new LogIdentity(5, 3);
        var path = under.File(FileNames.Log(3));
        int[] sizes = [0, 1, 31, 32, 33, 65503, 65504, 65505, 65536, 200_000, 0, 16383, 3_000_000, 7];
        var ends = new List<long>();
        using (var writer = LogWriter.Create(under.Files, path, identity, new AppendSettings(mapped)))
        {
            Assert.Equal(0, writer.Position);
            writer.Begin(new LogPredecessor(2, 4096, 50));
            Assert.Equal(LogFormat.HeaderBytes, writer.Position);
            Assert.Equal(50UL, writer.LastSequence);
            for (var i = 0; i < sizes.Length; i++)
            {
                var payload = new byte[sizes[i]];
                new Random(i).NextBytes(payload);
                ends.Add(writer.Append(LogRecordType.Batch, 51 + (10 * (ulong)i), 10, payload));
                Assert.Equal(writer.Position, ends[^1]);
            }

            Assert.Equal(50UL + (10 * (ulong)sizes.Length), writer.LastSequence);
            writer.Close();
            Assert.Equal(writer.Position, writer.SyncedPosition);
        }

        using var reader = LogReader.Open(under.Files, path, identity);
        Assert.Equal(new LogPredecessor(2, 4096, 50), reader.Header!.Predecessor);
        Assert.Equal(identity, reader.Header.Identity);
        var count = 0;
        while (reader.TryRead(out var record))
        {
            var expected = new byte[sizes[count]];
            new Random(count).NextBytes(expected);
            Assert.True(record.Payload.SequenceEqual(expected), $"record {count}");
            Assert.Equal(51 + (10 * (ulong)count), record.FirstSequence);
            Assert.Equal(10U, record.Count);
            Assert.Equal(ends[count], record.EndOffset);
            Assert.Equal(count == 0 ? LogFormat.HeaderBytes : ends[count - 1], record.Offset);
            count++;
        }

        Assert.Equal(sizes.Length, count);
        Assert.Equal(new LogEnd.Closed(ends[^1]), reader.End);
        Assert.Equal(50UL + (10 * (ulong)sizes.Length), reader.LastSequence);
        Assert.Equal(ends[^1] + LogFormat.RecordHeaderBytes + LogFormat.TrailerPayloadBytes, reader.FileBytes);
        Assert.Equal(ends[^1], reader.HighestWatermark);
    }

    [Fact]
    public void Edits_need_no_rising_sequence_numbers()
    {
        var bytes = LogTestFile.Bytes(static writer =>
        {
            writer.Append(LogRecordType.Edit, 0, 0, "one"u8);
            writer.Append(LogRecordType.Edit, 0, 0, "two"u8);
            Assert.Equal(99UL, writer.LastSequence);
        });
        var files = new MemoryFileSystem();
        FileContents.Write(files, LogTestFile.Path, bytes);
        using var reader = LogReader.Open(files, LogTestFile.Path, LogTestFile.Identity);
        Assert.True(reader.TryRead(out var record));
        Assert.Equal(LogRecordType.Edit, record.Type);
        Assert.Equal("one"u8, record.Payload);
        Assert.True(reader.TryRead(out record));
        Assert.Equal("two"u8, record.Payload);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Each_record_tells_how_much_was_durable_when_it_was_appended()
    {
        var files = new FaultyFileSystem();
        using (var writer = LogWriter.Create(files, LogTestFile.Path, LogTestFile.Identity, default))
        {
            writer.Begin(default);
            writer.Append(LogRecordType.Batch, 1, 1, "a"u8);
            writer.Sync();
            Assert.Equal(64 + 33, writer.SyncedPosition);
            writer.Append(LogRecordType.Batch, 2, 1, "b"u8);
            writer.Append(LogRecordType.Batch, 3, 1, "c"u8);
            writer.Sync();
            writer.Append(LogRecordType.Batch, 4, 1, "d"u8);
        }

        using var reader = LogReader.Open(files, LogTestFile.Path);
        var durable = new List<long>();
        while (reader.TryRead(out var record))
        {
            durable.Add(record.DurableBytes);
        }

        Assert.Equal([0L, 97, 97, 163], durable);
        Assert.Equal(163, reader.HighestWatermark);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        var files = new MemoryFileSystem();
        using var writer = LogWriter.Create(files, "/a", LogTestFile.Identity, default);
        Assert.Throws<InvalidOperationException>(() => writer.Append(LogRecordType.Batch, 1, 1, default));
        Assert.Throws<InvalidOperationException>(writer.Close);
        writer.Begin(new LogPredecessor(1, 2, 10));
        Assert.Throws<InvalidOperationException>(() => writer.Begin(default));
        Assert.Throws<ArgumentException>(() => writer.Append(LogRecordType.Batch, 10, 1, default));
        Assert.Throws<ArgumentException>(() => writer.Append(LogRecordType.Trailer, 11, 1, default));
        writer.Append(LogRecordType.Batch, 11, 1, default);
        writer.Close();
        Assert.Throws<InvalidOperationException>(() => writer.Append(LogRecordType.Batch, 12, 1, default));
        Assert.Throws<InvalidOperationException>(writer.Close);
        using var reader = LogReader.Open(files, "/a");
        Assert.Throws<InvalidOperationException>(() => reader.End);
    }

    [Fact]
    public void Appending_allocates_nothing()
    {
        using var directory = new TemporaryDirectory();
        using var writer = LogWriter.Create(new DiskFileSystem(), directory.File("log"), LogTestFile.Identity, new AppendSettings(Mapped: true));
        writer.Begin(default);
        var payload = new byte[10];
        AppendMany(writer, payload, 1, 100_000); // grows through all sizes of pieces, and warms up

        // A new piece of 4 MiB costs a handful of small objects; an append costs none.
        Assert.Equal(0, Allocations.Least(() => AppendMany(writer, payload, writer.LastSequence + 1, 10_000)));
    }

    [Fact]
    public void Appending_to_a_positional_file_allocates_nothing_at_all()
    {
        using var directory = new TemporaryDirectory();
        using var writer = LogWriter.Create(new DiskFileSystem(), directory.File("log"), LogTestFile.Identity, default);
        writer.Begin(default);
        var payload = new byte[100];
        AppendMany(writer, payload, 1, 1000);

        Assert.Equal(0, Allocations.Least(() => AppendMany(writer, payload, writer.LastSequence + 1, 10_000)));
    }

    private static void AppendMany(LogWriter writer, byte[] payload, ulong first, int count)
    {
        for (var i = 0UL; i < (ulong)count; i++)
        {
            writer.Append(LogRecordType.Batch, first + i, 1, payload);
        }
    }
}
