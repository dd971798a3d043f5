using LsmTree.Storage.Inspection;

namespace LsmTree.Storage;

/// <summary>Looks into a store: its tables, the size of a range, properties by name, the settings of its last run. Given by <see cref="LsmStore.Inspect"/>; holds nothing.</summary>
public sealed class StoreInspector
{
    private readonly LsmStore _store;
    private readonly StoreParts _parts;

    internal StoreInspector(LsmStore store, StoreParts parts)
    {
        _store = store;
        _parts = parts;
    }

    /// <summary>The names that <see cref="GetProperty"/> knows; the N of the last stands for a level.</summary>
    public static IReadOnlyList<string> PropertyNames => Inspection.PropertyNames.All;

    /// <summary>
    /// About how many bytes on the disk, and in memtables, the keys in [<paramref name="from"/>, <paramref name="to"/>) take. Exact for memtables and for
    /// tables that lie wholly in the range; of every other table at most one block too much at either end, and without its filter and index. Older versions and
    /// deleted entries that still take space are counted.
    /// </summary>
    /// <param name="from">The first key; empty from the start.</param>
    /// <param name="to">The first key that is not counted; null to the end.</param>
    public long ApproximateSize(byte[] from, byte[]? to = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        _store.ThrowIfDisposed();
        var view = _parts.Views.Acquire();
        try
        {
            return RangeSize.Of(view, from, to);
        }
        finally
        {
            view.Release();
        }
    }

    /// <summary>The tables of the store, level by level.</summary>
    public IReadOnlyList<TableDescription> GetTables()
    {
        _store.ThrowIfDisposed();
        var version = _parts.Views.Current.Version;
        var tables = new List<TableDescription>(version.TableCount);
        for (var level = 0; level < Versions.Version.LevelCount; level++)
        {
            foreach (var table in version.Level(level))
            {
                var info = table.Info;
                tables.Add(new TableDescription(
                    table.Path, level, info.FileBytes, info.EntryCount, info.TombstoneCount, info.RangeTombstoneCount, info.RawBytes,
                    [.. info.SmallestKey], [.. info.LargestKey], (long)info.SmallestSequence, (long)info.LargestSequence));
            }
        }

        return tables;
    }

    /// <summary>
    /// The snapshots, transactions and cursors that are open, the oldest first: what keeps old versions and replaced files. With
    /// <see cref="LsmStoreOptions.KeepCreationStacks"/> each says where it was created.
    /// </summary>
    public IReadOnlyList<ReaderDescription> GetOpenReaders()
    {
        _store.ThrowIfDisposed();
        return _parts.Readers.List();
    }

    /// <summary>A fact about the store as text, by a name in the manner of RocksDB's GetProperty, such as <c>lsmtree.num-files-at-level0</c>.</summary>
    /// <param name="name">The name; see <see cref="PropertyNames"/>.</param>
    /// <returns>Null when there is no such property.</returns>
    public string? GetProperty(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Inspection.PropertyNames.Find(name, _store.GetStatistics(), _store.GetLevels(), GetTables);
    }

    /// <summary>The settings of the last run that opened the store for writing, one <c>name=value</c> to a line; null when the directory does not tell.</summary>
    /// <exception cref="CorruptionException">The file OPTIONS is damaged. The store does not need it.</exception>
    public string? ReadOptionsOfLastRun()
    {
        _store.ThrowIfDisposed();
        return OptionsFile.Read(_parts.Recovered.Files, _parts.Recovered.Directory);
    }
}
