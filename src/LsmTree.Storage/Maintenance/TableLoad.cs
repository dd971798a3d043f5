using System.Collections.Immutable;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Commits;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Maintenance;

/// <summary>Writes sorted entries straight to tables, past log and memtable, and commits them at once as the newest there is.</summary>
/// <remarks>
/// <para>Entries must have numbers when they are written, and above those of every commit that comes before theirs, which is not yet known. So they get
/// numbers <em>from the future</em>: the commit queue promises a stretch that lies 2^30 ahead.</para>
/// <code>
///   number      1 … 1000            | 1073742824  1073742825 | 1073742826 …
///   who         commits before it   | table 1     table 2    | commits after it
///                     └─ meanwhile others commit, up to 1000 ─┘
/// </code>
/// <para>All entries of a table share a number, and each table has its own: on level 0 tables must be apart in time. Committing them is, under the commit gate:
/// check that nobody has used a number from the first on; flush what is in memory; one edit of the manifest; a view with the tables and a fresh memtable;
/// a new log, whose header says up to what number everything was committed before it; publish the last number. From that follows:</para>
/// <para>(1) Every snapshot, cursor and transaction that was begun before has a smaller number and does not see the entries; every later one sees them all. A
/// reader who holds an older view holds an older memtable, too, and sees no later write either.</para>
/// <para>(2) A transaction that wrote, or serializably read, one of the keys finds a table with a number above its own and conflicts, as with any commit.</para>
/// <para>(3) Nothing that is older lies above the tables: memory is empty, and <see cref="LoadLevel"/> sees to the levels.</para>
/// <para>(4) The edit of the manifest is the commit. It makes all older logs obsolete, so recovery meets no record with a number below the tables'. Before
/// it, the files are ones that no version names, which the next open removes. A reader beside the writer that has the older manifest and the newer log
/// notices by the log's header that something lies between them.</para>
/// <para>When commits or another load have overtaken the promise, the tables are written again with a new one. RocksDB gives ingested files a number in
/// their metadata instead, which every reader of a table must apply; here a loaded table is like any other.</para>
/// </remarks>
internal sealed class TableLoad : IDisposable
{
    private readonly TableDestination _destination;
    private readonly LevelSettings _levels;
    private readonly CommitQueue _commits;
    private readonly CompactionWork _compaction;
    private readonly VersionInstaller _installer;
    private readonly TableSweep _sweep;
    private readonly StoreCounters _counters;
    private readonly EventRelay _events;
    private readonly List<ulong> _held = [];
    private readonly long _start;
    private readonly TableOutput _output;
    private IReadOnlyList<TableInfo> _tables = [];
    private ulong _first;

    public TableLoad(TableDestination destination, LevelSettings levels, CommitQueue commits, CompactionWork compaction, VersionInstaller installer, TableSweep sweep, StoreCounters counters, EventRelay events)
    {
        _destination = destination with { NextNumber = HoldNext };
        _levels = levels;
        _commits = commits;
        _compaction = compaction;
        _installer = installer;
        _sweep = sweep;
        _counters = counters;
        _events = events;
        _start = events.Now;
        _first = commits.ReserveSequences();
        _output = CreateOutput();
    }

    /// <summary>Adds the next entry: a put of a key above all before it.</summary>
    /// <exception cref="IOException">The table cannot be written; the load is of no more use.</exception>
    /// <exception cref="StoreFullException">As above, for want of space.</exception>
    /// <exception cref="StoreFailedException">As above, after an error that has stopped writes.</exception>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Add(_output, key, value);

    /// <summary>Commits all entries: durable, and visible at once, when it returns. Once.</summary>
    /// <exception cref="StoreException">Nothing of the load is visible; whether it is found after a crash may be unknown, as with any commit.</exception>
    public void Complete()
    {
        _tables = _output.Finish();
        if (_tables.Count == 0)
        {
            return;
        }

        VersionEdit? edit = null;
        while (!_commits.TryCommitTables(_first, LastNumber, _tables.Sum(static table => table.EntryCount), _tables.Sum(static table => table.RawBytes), (fresh, log) => edit = Install(fresh, log)))
        {
            WriteAgain();
        }

        foreach (var (level, table) in edit!.Added)
        {
            _counters.Levels[level].Count(0, table.FileBytes, _events.Since(_start));
            Interlocked.Add(ref _counters.FlushBytesWritten, table.FileBytes);
        }

        _events.TellCreated(_destination.Directory, edit);
    }

    /// <summary>Lets the files go: those of a load that is not in force are removed.</summary>
    public void Dispose()
    {
        _output.Dispose();
        _sweep.LetGo(_held);
        _sweep.Run();
    }

    private ulong LastNumber => _first + (ulong)_tables.Count - 1;

    private ulong HoldNext()
    {
        var number = _sweep.HoldNext();
        _held.Add(number);
        return number;
    }

    private TableOutput CreateOutput() => TableOutput.ManyTables(_destination, RangeTombstoneList.Empty, [], _levels, inputBytes: long.MaxValue);

    private void Add(TableOutput output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        output.StartKey(key);
        output.Add(key, Trailer.Pack(_first + (ulong)output.EndedTables, EntryKind.Put), value);
    }

    private VersionEdit Install(Memtable fresh, ulong logNumber)
    {
        VersionEdit edit = new() { LogNumber = logNumber, LastSequence = LastNumber };
        _compaction.Place(_tables, added =>
        {
            edit = edit with { Added = added };
            _installer.Install(edit, fresh);
        });
        return edit;
    }

    /// <summary>Copies the tables under new numbers.</summary>
    private void WriteAgain()
    {
        var overtaken = _tables;
        _first = _commits.ReserveSequences();
        using var output = CreateOutput();
        ImmutableArray<TableFile> files = [.. overtaken.Select(info => new TableFile(_destination.Files, _destination.Directory, _destination.StoreId, new BlockCache(0), info))];
        try
        {
            using var entries = new LevelCursor(files, fillCache: false);
            for (entries.SeekToFirst(); entries.IsValid; entries.Next())
            {
                Add(output, entries.Key, entries.Value);
            }

            _tables = output.Finish();
        }
        finally
        {
            foreach (var file in files)
            {
                file.Close();
            }
        }

        _sweep.LetGo(overtaken.Select(static table => table.Number));
    }
}
