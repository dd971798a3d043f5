using LsmTree.Storage.Batches;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Cursors;
using LsmTree.Storage.Files;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Repairs;

/// <summary>Merges all that a survey found into the tables of a new store: of each key its newest version, unless that is a deletion.</summary>
/// <remarks>
/// Everything takes part in the merge, so that nothing is left for a deletion to hide, and the result is one sorted run: it goes to the deepest level. What the logs hold
/// is written to tables of the target first, so that memory stays bounded; they go when the merge is done. CURRENT is written last.
/// </remarks>
internal sealed class RepairWriter
{
    private const int CancellationInterval = 512;

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly ulong _storeId;
    private readonly TableSettings _tables;
    private readonly LevelSettings _levels;
    private readonly long _memtableBytes;
    private readonly FileNumbers _numbers = new(1);
    private readonly List<TableFile> _replayed = [];
    private readonly List<RangeTombstone> _tombstones = [];
    private ulong _lastSequence;

    /// <param name="files">The disk.</param>
    /// <param name="directory">The target; empty.</param>
    /// <param name="storeId">The identity of the new store.</param>
    /// <param name="tables">How tables are written.</param>
    /// <param name="levels">How large they are.</param>
    /// <param name="memtableBytes">Bytes of logs that are held in memory.</param>
    public RepairWriter(IFileSystem files, string directory, ulong storeId, TableSettings tables, LevelSettings levels, long memtableBytes)
    {
        _files = files;
        _directory = directory;
        _storeId = storeId;
        _tables = tables;
        _levels = levels;
        _memtableBytes = memtableBytes;
    }

    /// <summary>Writes the store and reports on the logs; returns the number of keys.</summary>
    public long Write(RepairSurvey survey, CancellationToken cancellation)
    {
        try
        {
            _lastSequence = survey.LastSequenceInTables;
            ReplayLogs(survey, cancellation);
            var added = Merge(survey, cancellation, out var keys);
            foreach (var file in _replayed)
            {
                file.Close();
                _files.Delete(file.Path);
            }

            _files.SyncDirectory(_directory);
            var image = new VersionEdit { Added = added, LastSequence = _lastSequence, NextFileNumber = _numbers.Upcoming };
            using var versions = VersionSet.Create(_files, _directory, _storeId, new BlockCache(0), first: image);
            return keys;
        }
        finally
        {
            _replayed.ForEach(static file => file.Close());
        }
    }

    private List<AddedTable> Merge(RepairSurvey survey, CancellationToken cancellation, out long keys)
    {
        _tombstones.AddRange(survey.Tables.SelectMany(static table => table.RangeTombstones));
        _tombstones.AddRange(_replayed.SelectMany(static file => file.RangeTombstones.Fragments()));
        var tombstones = RangeTombstoneList.From(_tombstones);
        // The logs first: of two entries with one number the first wins, and theirs are the newer files.
        using var entries = new MergingCursor(
        [
            .. _replayed.Select(static file => file.Open().CreateCursor(fillCache: false)),
            .. survey.Tables.Select(static table => table.CreateCursor()),
        ]);
        using var output = TableOutput.ManyTables(new TableDestination(_files, _directory, _storeId, _numbers.Next, _tables), RangeTombstoneList.Empty, [], _levels, inputBytes: 0);
        keys = 0;
        byte[]? last = null;
        long walked = 0;
        for (entries.SeekToFirst(); entries.IsValid; entries.Next())
        {
            if (walked++ % CancellationInterval == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            var sequence = Trailer.Sequence(entries.Trailer);
            _lastSequence = Math.Max(_lastSequence, sequence);
            if (last is not null && entries.Key.SequenceEqual(last))
            {
                continue;
            }

            last = entries.Key.ToArray();
            var kind = Trailer.Kind(entries.Trailer);
            if (kind == EntryKind.Delete || tombstones.CoveringSequence(last, ulong.MaxValue) > sequence)
            {
                continue;
            }

            output.StartKey(last);
            output.Add(last, Trailer.Pack(0, kind), entries.Value);
            keys++;
        }

        return [.. output.Finish().Select(static info => new AddedTable(Versions.Version.LastLevel, info))];
    }

    private void ReplayLogs(RepairSurvey survey, CancellationToken cancellation)
    {
        using var chunks = new ChunkStock(_memtableBytes);
        var memtable = new Memtable(stock: chunks);
        try
        {
            ReplayLogs(survey, memtable, cancellation);
            Spill(memtable);
        }
        finally
        {
            memtable.Free();
        }
    }

    private void ReplayLogs(RepairSurvey survey, Memtable memtable, CancellationToken cancellation)
    {
        foreach (var (number, path) in survey.Logs)
        {
            using var log = LogSalvage.Open(_files, path, new LogIdentity(survey.StoreId, number));
            var losses = new List<RepairLoss>();
            long entries = 0;
            var isKnown = false;
            while (log.TryRead(out var record))
            {
                cancellation.ThrowIfCancellationRequested();
                if (record.Type != LogRecordType.Batch || !BatchReader.IsWellFormed(record.Payload, record.Count) || record.FirstSequence > Trailer.MaxSequence - record.Count)
                {
                    losses.Add(new RepairLoss(record.Offset, record.EndOffset - record.Offset, record.Count, null, null, "a record that holds no batch"));
                    continue;
                }

                if (record.FirstSequence <= survey.LastSequenceInTables)
                {
                    isKnown = true;
                    continue;
                }

                memtable.Add(record.Payload, record.FirstSequence);
                entries += record.Count;
                _lastSequence = Math.Max(_lastSequence, record.FirstSequence + record.Count - 1);
                if (memtable.Bytes >= _memtableBytes)
                {
                    Spill(memtable);
                    memtable.Reset(_memtableBytes);
                }
            }

            losses.AddRange(log.Gaps.Select(static gap => new RepairLoss(
                gap.From, gap.To - gap.From, null, null, null, "no record can be read here; at the end of the newest log this is what a crash leaves")));
            var outcome = losses.Count > 0
                ? entries > 0 ? RepairOutcome.Partial : RepairOutcome.Lost
                : isKnown && entries == 0 ? RepairOutcome.Obsolete : RepairOutcome.Whole;
            survey.Add(new RepairedFile(path, outcome, entries, losses));
        }
    }

    /// <summary>Writes a memtable as a table of the target.</summary>
    private void Spill(Memtable memtable)
    {
        if (!memtable.IsEmpty)
        {
            var flush = new FlushJob(_files, _directory, _storeId, _numbers, _tables);
            using var entries = memtable.CreateCursor();
            foreach (var (_, info) in flush.Run(entries, memtable.MergeRangeTombstones(), []).Edit.Added)
            {
                _replayed.Add(new TableFile(_files, _directory, _storeId, new BlockCache(0), info));
            }
        }
    }
}
