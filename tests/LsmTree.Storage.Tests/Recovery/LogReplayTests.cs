using LsmTree.Storage.Batches;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Recovery;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Recovery;

/// <summary>Chains of logs as a crash leaves them.</summary>
public sealed class LogReplayTests
{
    private const string Directory = "/db";
    private const ulong StoreId = 0x1234;

    private readonly MemoryFileSystem _files = new();
    private readonly AppendSettings _settings = new(Mapped: false);

    public LogReplayTests()
    {
        _files.CreateDirectory(Directory);
    }

    /// <summary>A rotation that finds no spare takes a number of its own; a spare of a lower number that is being made is then removed, if the process lives.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public void A_spare_that_a_rotation_overtook_does_not_end_history(int reservedBytes)
    {
        var end = WriteLog(5, new LogPredecessor(0, 0, 0), 1, 2);
        WriteUnbegunLog(6, reservedBytes);
        WriteLog(7, new LogPredecessor(5, end, 2), 3, 4);
        WriteUnbegunLog(8, reservedBytes);

        Assert.Equal([1, 2, 3, 4], Replay(RecoveryMode.TornTail));
        Assert.Equal([1, 2, 3, 4], Replay(RecoveryMode.Strict));
    }

    [Fact]
    public void History_ends_at_a_log_that_its_successor_names_and_whose_header_was_lost()
    {
        var end = WriteLog(5, new LogPredecessor(0, 0, 0), 1, 2);
        WriteUnbegunLog(6, 65536);
        WriteLog(7, new LogPredecessor(6, end, 4), 5, 6);

        Assert.Equal([1, 2], Replay(RecoveryMode.TornTail));
        Assert.Throws<CorruptionException>(() => Replay(RecoveryMode.Strict));
    }

    [Fact]
    public void A_log_that_is_missing_between_two_is_damage()
    {
        var end = WriteLog(5, new LogPredecessor(0, 0, 0), 1, 2);
        WriteLog(7, new LogPredecessor(6, end, 4), 5, 6);

        Assert.Throws<CorruptionException>(() => Replay(RecoveryMode.TornTail));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void A_writer_that_begins_its_log_beside_a_reader_does_not_confuse_it(int moment, bool hasSuccessor)
    {
        using var log = LogWriter.Create(_files, PathOf(5), new LogIdentity(StoreId, 5), _settings);
        if (hasSuccessor)
        {
            WriteUnbegunLog(6, 0);
        }

        var opened = 0;
        var watched = new WatchedFileSystem(_files, path =>
        {
            if (++opened == moment)
            {
                log.Begin(new LogPredecessor(0, 0, 0));
                AppendBatch(log, 1);
                if (hasSuccessor)
                {
                    _files.Delete(PathOf(6));
                    WriteLog(6, new LogPredecessor(5, log.Position, 1), 2);
                }
            }
        });
        var replayed = new List<ulong>();
        new LogReplay(watched, Directory, StoreId, RecoveryMode.TornTail).Run(1, 0, (_, sequence) => replayed.Add(sequence));

        Assert.Equal(Enumerable.Range(1, replayed.Count).Select(static sequence => (ulong)sequence), replayed);
    }

    private List<ulong> Replay(RecoveryMode mode)
    {
        var replayed = new List<ulong>();
        new LogReplay(_files, Directory, StoreId, mode).Run(1, 0, (_, sequence) => replayed.Add(sequence));
        return replayed;
    }

    /// <summary>A log that was not closed, with one batch for each sequence number; returns where its records end.</summary>
    private long WriteLog(ulong number, LogPredecessor predecessor, params ReadOnlySpan<ulong> sequences)
    {
        using var log = LogWriter.Create(_files, PathOf(number), new LogIdentity(StoreId, number), _settings);
        log.Begin(predecessor);
        foreach (var sequence in sequences)
        {
            AppendBatch(log, sequence);
        }

        return log.Position;
    }

    private static void AppendBatch(LogWriter log, ulong sequence)
    {
        var batch = new BatchBuffer();
        batch.Put("key"u8, "value"u8);
        log.Append(LogRecordType.Batch, sequence, 1, batch.Written);
    }

    private void WriteUnbegunLog(ulong number, int reservedBytes)
    {
        using var file = _files.CreateAppend(PathOf(number), _settings);
        file.Append(new byte[reservedBytes]);
    }

    private static string PathOf(ulong number) => Path.Combine(Directory, FileNames.Log(number));
}
