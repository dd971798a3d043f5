using LsmTree.Storage.Files;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Blocks;

namespace LsmTree.Storage.Versions;

/// <summary>A table of a version: what the manifest says about it, and the open file once somebody has read from it.</summary>
/// <remarks>
/// <para>The file is opened by the first reader and stays open. There is no lock: readers that come first at the same time each open it, one
/// publishes its handle, the others close theirs.</para>
/// <para>The same object travels from version to version for as long as the table lives, so that a handle and its cached blocks do too.
/// Whoever has established that no counted view reaches the table any more calls <see cref="Close"/>, then deletes the file.</para>
/// <para>A reader that does not count (it looks only at what is in memory) may hold the object even then: a table that was open stays
/// reachable after <see cref="Close"/>, with no resident block, so that such a reader is sent away to count and look again.</para>
/// </remarks>
internal sealed class TableFile(IFileSystem files, string directory, ulong storeId, BlockCache cache, TableInfo info)
{
    private Table? _table;
    private int _closed;

    public TableInfo Info { get; } = info;

    public ulong Number => Info.Number;

    public string Path { get; } = System.IO.Path.Combine(directory, FileNames.Table(info.Number));

    /// <summary>True once <see cref="Open"/> needs no I/O.</summary>
    public bool IsOpen => Volatile.Read(ref _table) is not null;

    /// <summary>The range tombstones of the table. Opens the file only when the manifest says that there are some.</summary>
    public RangeTombstoneList RangeTombstones => Info.RangeTombstoneCount == 0 ? RangeTombstoneList.Empty : Open().RangeTombstones;

    /// <summary>The open table: one volatile read, except for the first call.</summary>
    /// <exception cref="CorruptionException">The file is missing, damaged, or not the one that the manifest describes.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Table Open() => Volatile.Read(ref _table) ?? OpenFile();

    /// <summary>Closes the file; once is enough. Nobody may read from the file afterwards.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            Volatile.Read(ref _table)?.Dispose();
        }
    }

    private Table OpenFile()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _closed) != 0, this);
        var opened = OpenVerified();
        var winner = Interlocked.CompareExchange(ref _table, opened, null);
        if (winner is not null)
        {
            opened.Dispose();
            return winner;
        }

        // Close may have come before the publication: it saw no table, so this one is ours to close.
        if (Volatile.Read(ref _closed) != 0)
        {
            opened.Dispose();
            ObjectDisposedException.ThrowIf(true, this);
        }

        return opened;
    }

    private Table OpenVerified()
    {
        var file = OpenNamed();
        if (file.Length != Info.FileBytes)
        {
            var length = file.Length;
            file.Dispose();
            CorruptionException.Throw(Path, Math.Min(length, Info.FileBytes), $"a table of {Info.FileBytes} bytes, as the manifest says", $"a file of {length} bytes");
        }

        // From here the table owns the file, also when it refuses it.
        var table = Table.Open(file, storeId, Info.Number, cache);
        var difference = DifferenceFrom(table.Properties);
        if (difference is not null)
        {
            table.Dispose();
            CorruptionException.Throw(Path, 0, $"the {Info} that the manifest describes", difference);
        }

        return table;
    }

    private IReadFile OpenNamed()
    {
        try
        {
            return files.OpenRead(Path);
        }
        catch (FileNotFoundException)
        {
            throw new CorruptionException(Path, 0, $"the {Info} that the manifest names", "no such file");
        }
    }

    private string? DifferenceFrom(TableProperties properties)
    {
        var found = TableInfo.From(Info.Number, properties);
        if (found.Equals(Info))
        {
            return null;
        }

        return $"{found} with {found.EntryCount} entries, {found.TombstoneCount} tombstones, {found.RangeTombstoneCount} range tombstones, {found.RawBytes} raw bytes, "
            + $"checksum {found.Checksum:x16} instead of {Info.EntryCount}, {Info.TombstoneCount}, {Info.RangeTombstoneCount}, {Info.RawBytes}, {Info.Checksum:x16}";
    }
}
