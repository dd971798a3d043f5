using LsmTree.Storage.Files;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Backups;

/// <summary>One moment of a store, held so that it can be copied: the tables of a view, and what only a memtable holds.</summary>
/// <remarks>
/// A store that may write has flushed before, so that what its memtables hold is newer than the image and no part of it. One that was opened
/// read-only cannot flush: what it found in logs is in its one memtable, and goes into the copy as a table of level 0.
/// </remarks>
internal sealed class StoreImage : IDisposable
{
    private const int WriteBufferBytes = 256 << 10;

    private readonly StoreView _view;
    private readonly VersionSet _versions;
    private readonly TableSettings _settings;

    public StoreImage(IFileSystem files, string directory, VersionSet versions, StoreView view, ulong lastSequence, Memtable? unflushed, TableSettings settings)
    {
        Files = files;
        Directory = directory;
        _versions = versions;
        _view = view;
        LastSequence = lastSequence;
        Unflushed = unflushed;
        _settings = settings;
    }

    public IFileSystem Files { get; }

    public string Directory { get; }

    public ulong StoreId => _versions.StoreId;

    /// <summary>No entry of the image has a higher number.</summary>
    public ulong LastSequence { get; }

    /// <summary>A memtable that belongs to the image and is in no table; null when there is none.</summary>
    public Memtable? Unflushed { get; }

    public IEnumerable<AddedTable> Tables =>
        Enumerable.Range(0, Versions.Version.LevelCount).SelectMany(level => _view.Version.Level(level).Select(table => new AddedTable(level, table.Info)));

    public string PathOf(TableInfo info) => Path.Combine(Directory, FileNames.Table(info.Number));

    /// <summary>A number that no table of the image has.</summary>
    public ulong NextNumber() => _versions.Numbers.Next();

    /// <summary>The edit that builds a copy with these tables.</summary>
    public VersionEdit EditOf(IReadOnlyList<AddedTable> tables) => new()
    {
        FormatVersion = _versions.Format,
        StoreId = StoreId,
        NextFileNumber = _versions.Numbers.Upcoming,
        LastSequence = LastSequence,
        Added = tables,
    };

    /// <summary>Writes <see cref="Unflushed"/> as a table, synced; its name is not.</summary>
    public TableInfo WriteUnflushed(IFileSystem target, string path, ulong number)
    {
        using var file = target.CreateAppend(path, new AppendSettings(Mapped: false, BufferBytes: WriteBufferBytes));
        using var writer = new TableWriter(file, _settings, StoreId, number);
        using var entries = Unflushed!.CreateCursor();
        for (entries.SeekToFirst(); entries.IsValid; entries.Next())
        {
            writer.Add(entries.Key, entries.Trailer, entries.Value);
        }

        foreach (var tombstone in Unflushed.MergeRangeTombstones().Fragments())
        {
            writer.AddRangeTombstone(tombstone);
        }

        var properties = writer.Finish();
        file.Finish();
        file.Sync();
        return TableInfo.From(number, properties);
    }

    public void Dispose() => _view.Release();
}
