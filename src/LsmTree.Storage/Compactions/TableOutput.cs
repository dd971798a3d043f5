using System.Collections.Immutable;
using LsmTree.Storage.Files;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Compactions;

/// <summary>Writes a sorted stream of entries as the tables of one level, and makes them durable.</summary>
/// <remarks>
/// <para>A table ends before a key c when it is large enough, or when it would lie over too much of the level below the output (the
/// grandparents of the inputs). Never inside a user key: <see cref="StartKey"/> is the only place that cuts.</para>
/// <para>Range tombstones are cut at the same keys, so that tables of a level stay disjoint:</para>
/// <code>
///   entries      a   c        | m   p
///   tombstone       [c ———————|————— t)
///   tables       [a … m)      | [m … t)       the first holds [c, m), the second [m, t); c and m are keys, m's own entries are in the second
/// </code>
/// <para>Invariants: (1) everything in a finished table is below <c>_lower</c>, everything to come is at or above it; (2) tombstones up to
/// <c>_tombstone</c> end at or below <c>_lower</c>.</para>
/// <para>Disposed without <see cref="Finish"/>, it removes what it wrote.</para>
/// </remarks>
internal sealed class TableOutput : IDisposable
{
    /// <summary>Tables are written in pieces of this size: 256 KiB.</summary>
    private const int WriteBufferBytes = 256 << 10;

    /// <summary>Bytes of the disk that a compaction leaves to the log and the manifest, which cannot wait for space: 8 MiB.</summary>
    private const long ReserveBytes = 8L << 20;

    private readonly TableDestination _destination;
    private readonly long _tableBytes;
    private readonly long _maxOverlapBytes;
    private readonly long _neededBytes;
    private readonly ImmutableArray<TableFile> _grandparents;
    private readonly RangeTombstone[] _tombstones;
    private readonly List<TableInfo> _finished = [];
    private readonly List<string> _created = [];
    private byte[] _lower = [];
    private int _tombstone;
    private int _grandparent;
    private long _overlapBytes;
    private long _entryCount;
    private ulong _number;
    private IAppendFile? _file;
    private TableWriter? _writer;
    private bool _isComplete;

    private TableOutput(
        TableDestination destination, RangeTombstoneList tombstones, ImmutableArray<TableFile> grandparents, long tableBytes, long maxOverlapBytes, long neededBytes)
    {
        _destination = destination;
        _tombstones = [.. tombstones.Fragments()];
        _grandparents = grandparents;
        _tableBytes = tableBytes;
        _maxOverlapBytes = maxOverlapBytes;
        _neededBytes = neededBytes;
    }

    /// <summary>An output of one table, or none: what a flush writes.</summary>
    public static TableOutput OneTable(TableDestination destination, RangeTombstoneList tombstones) =>
        new(destination, tombstones, [], long.MaxValue, long.MaxValue, neededBytes: 0);

    /// <summary>An output that is cut by the size of its tables and by what lies below.</summary>
    /// <param name="destination">Where the tables go.</param>
    /// <param name="tombstones">The range tombstones of the output.</param>
    /// <param name="grandparents">The tables of the level below the output over the range of the output.</param>
    /// <param name="settings">The bounds.</param>
    /// <param name="inputBytes">Bytes of what goes in. No table is begun when the disk has no room for it and a reserve.</param>
    public static TableOutput ManyTables(
        TableDestination destination, RangeTombstoneList tombstones, ImmutableArray<TableFile> grandparents, LevelSettings settings, long inputBytes) =>
        new(destination, tombstones, grandparents, settings.TableBytes, settings.MaxGrandparentOverlapBytes, Math.Min(settings.TableBytes, inputBytes) + ReserveBytes);

    /// <summary>Says that the next entry is the first one of <paramref name="userKey"/>, and ends the table before it when that is due.</summary>
    public void StartKey(ReadOnlySpan<byte> userKey)
    {
        while (_grandparent < _grandparents.Length && !_grandparents[_grandparent].Info.Range.StartsAfter(userKey))
        {
            PassGrandparent();
        }

        if (_writer is not null && _writer.EstimatedFileBytes >= _tableBytes)
        {
            EndTable(userKey.ToArray());
        }
    }

    /// <summary>Tables that have ended; the next entry goes into the one after them.</summary>
    public int EndedTables => _finished.Count;

    /// <summary>Adds an entry. Entries come in internal order.</summary>
    public void Add(ReadOnlySpan<byte> userKey, ulong trailer, ReadOnlySpan<byte> value)
    {
        Writer().Add(userKey, trailer, value);
        _entryCount++;
    }

    /// <summary>Ends the last table and makes all names durable. Every table was synced when it ended.</summary>
    /// <returns>The tables, in order. None when nothing was added.</returns>
    /// <exception cref="InvalidOperationException">What the tables count is not what was put into them.</exception>
    public IReadOnlyList<TableInfo> Finish()
    {
        while (_grandparent < _grandparents.Length && _tombstone < _tombstones.Length)
        {
            PassGrandparent();
        }

        EndTable(upper: null);
        var counted = _finished.Sum(static table => table.EntryCount);
        if (counted != _entryCount)
        {
            throw new InvalidOperationException($"{_entryCount} entries went into the output, and its tables count {counted}.");
        }

        if (_created.Count > 0)
        {
            _destination.SyncNames();
        }

        _isComplete = true;
        return _finished;
    }

    public void Dispose()
    {
        ReleaseWriter();
        if (_isComplete)
        {
            return;
        }

        foreach (var path in _created)
        {
            try
            {
                _destination.Files.Delete(path);
            }
            catch (IOException)
            {
                // No version names the file: the next look for obsolete files finds it. The error that led here is the one to report.
            }
        }
    }

    /// <summary>Goes on into the next grandparent, and ends the table where that one begins when the table would lie over too much.</summary>
    private void PassGrandparent()
    {
        var info = _grandparents[_grandparent++].Info;
        if (!HasContentBefore(info.SmallestKey))
        {
            _overlapBytes = 0;
        }
        else if (_overlapBytes > 0 && _overlapBytes > _maxOverlapBytes - info.FileBytes)
        {
            EndTable(info.SmallestKey);
        }

        _overlapBytes += info.FileBytes;
    }

    private bool HasContentBefore(byte[] userKey) =>
        _writer is not null || (_tombstone < _tombstones.Length && _tombstones[_tombstone].Start.AsSpan().SequenceCompareTo(userKey) < 0);

    /// <summary>Ends the table before <paramref name="upper"/>, null for the end of the output. No table comes of it when there is nothing to hold.</summary>
    private void EndTable(byte[]? upper)
    {
        for (var i = _tombstone; i < _tombstones.Length; i++)
        {
            var (start, end, sequence) = _tombstones[i];
            if (upper is not null && start.AsSpan().SequenceCompareTo(upper) >= 0)
            {
                break;
            }

            start = start.AsSpan().SequenceCompareTo(_lower) < 0 ? _lower : start;
            end = upper is not null && end.AsSpan().SequenceCompareTo(upper) > 0 ? upper : end;
            if (start.AsSpan().SequenceCompareTo(end) < 0)
            {
                Writer().AddRangeTombstone(new RangeTombstone(start, end, sequence));
            }
        }

        FinishFile();
        _overlapBytes = 0;
        if (upper is not null)
        {
            _lower = upper;
            while (_tombstone < _tombstones.Length && _tombstones[_tombstone].End.AsSpan().SequenceCompareTo(upper) <= 0)
            {
                _tombstone++;
            }
        }
        else
        {
            _tombstone = _tombstones.Length;
        }
    }

    private TableWriter Writer()
    {
        if (_writer is null)
        {
            RequireRoom();
            _number = _destination.NextNumber();
            var path = Path.Combine(_destination.Directory, FileNames.Table(_number));
            _file = _destination.Files.CreateAppend(path, new AppendSettings(Mapped: false, BufferBytes: WriteBufferBytes));
            _created.Add(path);
            _writer = new TableWriter(_file, _destination.Settings, _destination.StoreId, _number);
        }

        return _writer;
    }

    private void RequireRoom()
    {
        if (_neededBytes > 0 && _destination.Files.FreeBytes(_destination.Directory) is var free && free < _neededBytes)
        {
            throw new StoreFullException(
                $"There is no room for another table in {_destination.Directory}: the next one may need {_neededBytes - ReserveBytes} bytes, {ReserveBytes} are kept for the log, and {free} are free.");
        }
    }

    private void FinishFile()
    {
        if (_writer is null)
        {
            return;
        }

        var properties = _writer.Finish();
        _file!.Finish();
        _file.Sync();
        _finished.Add(TableInfo.From(_number, properties));
        ReleaseWriter();
    }

    private void ReleaseWriter()
    {
        _writer?.Dispose();
        _writer = null;
        _file?.Dispose();
        _file = null;
    }
}
