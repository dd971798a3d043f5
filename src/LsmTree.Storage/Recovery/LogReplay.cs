using LsmTree.Storage.Batches;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;

namespace LsmTree.Storage.Recovery;

/// <summary>Reads the live logs, oldest first, and decides where the store's history ends.</summary>
/// <remarks>
/// <para>Each log names its predecessor and how long that was, so that a missing or short log in the middle is seen (RocksDB's
/// track_and_verify_wals). What follows the declared end of a predecessor is the remains of an append that failed, and does not count.</para>
/// <para>A log that ends short of what its successor says, or in an unfinished record, is one of two things. When nothing in its successors was
/// ever called durable, a power cut took the tail of an unsynced log: history ends there, and the successors are given up with it, because
/// recovery yields a prefix. When something was, the missing bytes had been durable: that is damage. (Before anything in a log is called
/// durable, its predecessors are synced: docs/decisions/0001.)</para>
/// <para>Logs that were created ahead of their use and never begun hold nothing. Such a log may lie between two that were begun: a rotation that
/// could not wait for it took a higher number, and the process died before it had removed the log. No successor names it.</para>
/// </remarks>
internal sealed class LogReplay
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly ulong _storeId;
    private readonly RecoveryMode _mode;
    private readonly List<string> _givenUp = [];

    public LogReplay(IFileSystem files, string directory, ulong storeId, RecoveryMode mode)
    {
        _files = files;
        _directory = directory;
        _storeId = storeId;
        _mode = mode;
    }

    /// <summary>The newest sequence number replayed, or what <see cref="Run"/> began with.</summary>
    public ulong LastSequence { get; private set; }

    /// <summary>The logs of which something was given up, from the damaged one on. Only with <see cref="RecoveryMode.PointInTime"/>.</summary>
    public IReadOnlyCollection<string> GivenUp => _givenUp;

    /// <summary>The damage from which on <see cref="RecoveryMode.PointInTime"/> gave up; null when there was none.</summary>
    public CorruptionException? Damage { get; private set; }

    /// <summary>Replays every log from <paramref name="logNumber"/> on.</summary>
    /// <param name="logNumber">Logs below it are obsolete.</param>
    /// <param name="lastSequence">The newest sequence number in tables.</param>
    /// <param name="apply">Takes each batch, in order.</param>
    /// <exception cref="CorruptionException">A log is damaged or missing, and the mode does not say to give it up.</exception>
    public void Run(ulong logNumber, ulong lastSequence, ReplayedBatch apply)
    {
        LastSequence = lastSequence;
        var logs = Survey(logNumber);
        for (var i = 0; i < logs.Count; i++)
        {
            if (!ReplayOne(logs, i, logNumber, apply))
            {
                return;
            }
        }
    }

    /// <summary>Live logs that were begun, oldest first.</summary>
    private List<LiveLog> Survey(ulong logNumber)
    {
        var numbers = new List<ulong>();
        foreach (var name in _files.List(_directory))
        {
            if (FileNames.TryParse(name, out var kind, out var number) && kind == FileKind.Log && number >= logNumber)
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        var logs = new List<LiveLog>();
        foreach (var number in numbers)
        {
            var path = Path.Combine(_directory, FileNames.Log(number));
            using var reader = LogReader.Open(_files, path, new LogIdentity(_storeId, number));
            logs.Add(new LiveLog(number, path, reader.Header?.Predecessor, IsUnbegun: reader.Header is null && reader.End is LogEnd.Torn));
        }

        RemoveUnbegun(logs);
        return logs;
    }

    /// <summary>
    /// Removes logs that were created ahead, and at the end those whose header did not reach the disk before a power cut: nothing in them counts.
    /// One that its successor names was begun, and history ends at it.
    /// </summary>
    private static void RemoveUnbegun(List<LiveLog> logs)
    {
        ulong? named = null;
        for (var i = logs.Count - 1; i >= 0; i--)
        {
            if (logs[i].Predecessor is { } predecessor)
            {
                named = predecessor.Number;
            }
            else if (logs[i].IsUnbegun && logs[i].Number != named)
            {
                logs.RemoveAt(i);
            }
        }
    }

    /// <summary>Replays one log; false when history ends in it.</summary>
    private bool ReplayOne(List<LiveLog> logs, int index, ulong logNumber, ReplayedBatch apply)
    {
        var log = logs[index];
        var successor = index + 1 < logs.Count ? logs[index + 1].Predecessor : null;
        using var reader = LogReader.Open(_files, log.Path, new LogIdentity(_storeId, log.Number));
        if (reader.Header is null)
        {
            return reader.End is LogEnd.Torn unbegun
                ? EndAtTear(logs, index, 0, unbegun.Reason, long.MaxValue)
                : GiveUp(logs, index, 0, "the header of a log", ((LogEnd.Damaged)reader.End).Found);
        }

        if (!CheckPredecessor(logs, index, reader.Header.Predecessor, logNumber))
        {
            return false;
        }

        if (reader.Header.Predecessor.LastSequence > LastSequence)
        {
            // Only for a reader beside a writer: what lies between has come to tables that its manifest does not name yet.
            return GiveUp(logs, index, 0, $"a log that continues what was committed up to sequence number {LastSequence}", $"one that continues {reader.Header.Predecessor.LastSequence}");
        }

        var declaredEnd = successor is { } known && known.Number == log.Number ? known.Bytes : long.MaxValue;
        long end = LogFormat.HeaderBytes;
        while (end < declaredEnd && reader.TryRead(out var record))
        {
            if (record.Type != LogRecordType.Batch || !BatchReader.IsWellFormed(record.Payload, record.Count))
            {
                return GiveUp(logs, index, record.Offset, "a record that holds a well-formed batch", $"one of type {record.Type} with {record.Payload.Length} bytes that are none");
            }

            if (record.FirstSequence <= LastSequence)
            {
                return GiveUp(logs, index, record.Offset, $"a batch that begins above sequence number {LastSequence}", $"one that begins at {record.FirstSequence}");
            }

            apply(record.Payload, record.FirstSequence);
            LastSequence = record.FirstSequence + record.Count - 1;
            end = record.EndOffset;
        }

        if (end >= declaredEnd)
        {
            return true;
        }

        return reader.End switch
        {
            LogEnd.Damaged damaged => GiveUp(logs, index, damaged.Offset, damaged.Expected, damaged.Found),
            LogEnd.Torn torn => EndAtTear(logs, index, torn.Offset, torn.Reason, declaredEnd),
            _ when declaredEnd != long.MaxValue => EndAtTear(logs, index, end, "the end of the records", declaredEnd),
            _ => true,
        };
    }

    private bool CheckPredecessor(List<LiveLog> logs, int index, LogPredecessor predecessor, ulong logNumber)
    {
        var isFirstOfARun = predecessor.Number == 0 && index == 0;
        var isObsolete = predecessor.Number != 0 && predecessor.Number < logNumber;
        if (isFirstOfARun || isObsolete || (index > 0 && logs[index - 1].Number == predecessor.Number))
        {
            return true;
        }

        return GiveUp(logs, index, 0, $"log {predecessor.Number}, which this one continues", "no such file");
    }

    private bool EndAtTear(List<LiveLog> logs, int index, long offset, string reason, long declaredEnd)
    {
        var expected = declaredEnd == long.MaxValue ? "a whole record" : $"{declaredEnd} bytes of records, as the next log says";
        if (_mode == RecoveryMode.Strict)
        {
            CorruptionException.Throw(logs[index].Path, offset, expected + " (recovery is strict)", reason);
        }

        for (var later = index + 1; later < logs.Count; later++)
        {
            if (WasDurable(logs[later]))
            {
                return GiveUp(logs, index, offset, $"{expected}; a later log was durable, so this one was", reason);
            }
        }

        return false;
    }

    /// <summary>Whether any record of the log says that an fsync had covered a part of it.</summary>
    private bool WasDurable(LiveLog log)
    {
        using var reader = LogReader.Open(_files, log.Path, new LogIdentity(_storeId, log.Number));
        while (reader.TryRead(out _))
        {
            // Reading to the end collects the watermarks.
        }

        return reader.HighestWatermark > 0 || reader.End is LogEnd.Closed;
    }

    private bool GiveUp(List<LiveLog> logs, int index, long offset, string expected, string found)
    {
        if (_mode != RecoveryMode.PointInTime)
        {
            CorruptionException.Throw(logs[index].Path, offset, expected, found);
        }

        Damage = new CorruptionException(logs[index].Path, offset, expected, found);
        for (var i = index; i < logs.Count; i++)
        {
            _givenUp.Add(logs[i].Path);
        }

        return false;
    }

    /// <summary>A log as it was found. A writer beside a read-only store may begin it a moment later: whether it was begun is asked once.</summary>
    private readonly record struct LiveLog(ulong Number, string Path, LogPredecessor? Predecessor, bool IsUnbegun);
}
