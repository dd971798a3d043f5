using System.Numerics;
using LsmTree.Crash.Tests.Scripts;
using LsmTree.Storage.Logs;

namespace LsmTree.Crash.Tests.Corruption;

/// <summary>The records of the newest log: what of them damage may cost.</summary>
/// <remarks>
/// A record tells how much of its log an fsync had covered when it was appended. So damage is proven to be damage when a good record behind it
/// says that the bad bytes had once been durable; and one flipped bit is recognised as such. Any other damage at the end looks as a crash leaves a
/// log, and recovery takes it for that: the records from there on go, those before it stay.
/// </remarks>
internal sealed class NewestRecords
{
    private readonly byte[] _bytes;
    private readonly List<(long Offset, long End, long Durable)> _records;

    private NewestRecords(byte[] bytes, List<(long Offset, long End, long Durable)> records)
    {
        _bytes = bytes;
        _records = records;
    }

    public static NewestRecords Read(Fixture fixture)
    {
        var records = new List<(long Offset, long End, long Durable)>();
        if (fixture.NewestLog.Length == 0)
        {
            return new NewestRecords([], records);
        }

        var bytes = fixture.Bytes(fixture.NewestLog);
        var path = $"{ScriptWord.Store}/{fixture.NewestLog}";
        using var reader = LogReader.Open(fixture.Disk(), path, LogHeader.Decode(bytes).Identity);
        while (reader.TryRead(out var record))
        {
            records.Add((record.Offset, record.EndOffset, record.DurableBytes));
        }

        return new NewestRecords(bytes, records);
    }

    /// <summary>The last commit that must be there, or be missed aloud, when the log reads so.</summary>
    public int Least(Fixture fixture, ReadOnlySpan<byte> damaged)
    {
        var first = damaged.CommonPrefixLength(_bytes);
        var last = LastDifference(damaged);
        // A byte that became zero may also be one that was not written.
        if (damaged.Length == _bytes.Length && first == last && damaged[first] != 0 && BitOperations.IsPow2(damaged[first] ^ _bytes[first]))
        {
            return fixture.Least;
        }

        var bad = _records.FindIndex(record => first < record.End);
        if (bad < 0)
        {
            return fixture.Least;
        }

        var from = first < LogFormat.HeaderBytes ? 0 : _records[bad].Offset;
        return _records.Exists(record => record.Offset > last && record.Durable > from) ? fixture.Least : Math.Min(fixture.Least, fixture.History.Last - _records.Count + bad);
    }

    private int LastDifference(ReadOnlySpan<byte> damaged)
    {
        if (damaged.Length != _bytes.Length)
        {
            return Math.Max(damaged.Length, _bytes.Length);
        }

        var last = damaged.Length - 1;
        while (last > 0 && damaged[last] == _bytes[last])
        {
            last--;
        }

        return last;
    }
}
