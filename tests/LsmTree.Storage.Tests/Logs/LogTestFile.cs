using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Logs;

/// <summary>A small log in memory, its bytes, and what is read from them.</summary>
internal static class LogTestFile
{
    public const string Path = "/000007.log";

    public static LogIdentity Identity { get; } = new(0x1122334455667788, 7);

    public static LogPredecessor Predecessor { get; } = new(6, 1234, 99);

    /// <summary>The bytes of a log that <paramref name="write"/> wrote; reserved space is cut off.</summary>
    public static byte[] Bytes(Action<LogWriter> write, bool mapped = false)
    {
        var files = new FaultyFileSystem();
        using (var writer = LogWriter.Create(files, Path, Identity, new AppendSettings(mapped)))
        {
            writer.Begin(Predecessor);
            write(writer);
        }

        return FileContents.Read(files, Path);
    }

    /// <summary>The payload that record <paramref name="index"/> has in these tests: its length and bytes follow from the index.</summary>
    public static byte[] Payload(int index)
    {
        var payload = new byte[(index * 7 % 23) + (index % 5 == 0 ? 0 : 1)];
        new Random(index).NextBytes(payload);
        return payload;
    }

    /// <summary>Appends records <paramref name="from"/> up to and not including <paramref name="to"/>, two sequence numbers each.</summary>
    public static void AppendRecords(LogWriter writer, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            writer.Append(LogRecordType.Batch, Sequence(i), 2, Payload(i));
        }
    }

    public static ulong Sequence(int index) => 100 + (2 * (ulong)index);

    /// <summary>Reads bytes as a log, asserts that every record given out is the one that was written in its place, and returns how many there were.</summary>
    public static (int Records, LogEnd End) Read(byte[] bytes, bool knowsIdentity = true, long durableBytes = 0)
    {
        var files = new MemoryFileSystem();
        FileContents.Write(files, Path, bytes);
        using var reader = LogReader.Open(files, Path, knowsIdentity ? Identity : null, durableBytes);
        var records = 0;
        while (reader.TryRead(out var record))
        {
            Assert.Equal(LogRecordType.Batch, record.Type);
            Assert.Equal(Sequence(records), record.FirstSequence);
            Assert.Equal(2U, record.Count);
            Assert.Equal(Payload(records), record.Payload.ToArray());
            records++;
        }

        Assert.False(reader.TryRead(out _));
        return (records, reader.End);
    }
}
