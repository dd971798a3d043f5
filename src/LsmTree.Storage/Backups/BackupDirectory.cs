using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Backups;

/// <summary>A directory of backups: records (<see cref="BackupRecord"/>) and the tables that they share.</summary>
/// <remarks>
/// <para>Making a backup, each step safe to be cut short:</para>
/// <code>
/// 1  remove what no record names                     the remains of an interrupted backup or deletion
/// 2  for each table: unless it is there, copy it     to NAME.tmp, checked, synced; then renamed
/// 3  sync the directory
/// 4  write the record to BACKUP.tmp, sync, rename, sync the directory
/// </code>
/// <para>Step 4 is the moment at which the backup exists. Deleting goes the other way round: the record, then what nobody names. A table is removed only when
/// every record of the directory could be read; one that is damaged might name it.</para>
/// </remarks>
internal sealed class BackupDirectory
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly string _holder;

    public BackupDirectory(IFileSystem files, string directory, string holder)
    {
        _files = files;
        _directory = directory;
        _holder = holder;
    }

    public BackupInfo Create(StoreImage image, string source, DateTimeOffset now, CancellationToken cancellation)
    {
        _files.CreateDirectory(_directory);
        ParentDirectory.Sync(_files, _directory);
        var names = _files.List(_directory);
        if (names.Contains(FileNames.Current))
        {
            throw new StoreFormatException($"{_directory} is a store. Backups need a directory of their own.");
        }

        using var held = _files.Lock(PathOf(FileNames.Lock), _holder);
        RemoveUnnamed();
        var id = Ids().DefaultIfEmpty(0).Max() + 1;
        long copied = 0;
        var tables = new List<AddedTable>();
        foreach (var table in image.Tables)
        {
            copied += CopyIn(image, table.Info, cancellation);
            tables.Add(table);
        }

        if (image.Unflushed is not null)
        {
            var info = WriteUnflushed(image);
            copied += info.FileBytes;
            tables.Add(new AddedTable(0, info));
        }

        _files.SyncDirectory(_directory);
        var record = new BackupRecord(id, now.ToUnixTimeMilliseconds(), copied, source, image.EditOf(tables));
        record.Write(_files, _directory);
        return record.Info;
    }

    public IReadOnlyList<BackupInfo> List() => [.. Ids().Select(id => TryRead(id, out var damage)?.Info ?? Damaged(id, damage!))];

    public VerificationReport Verify(long? id, CancellationToken cancellation)
    {
        var problems = new List<VerificationProblem>();
        var ids = id is { } one ? [Existing(one)] : Ids();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        long bytes = 0;
        foreach (var backup in ids)
        {
            bytes += LengthOf(BackupNames.Record(backup));
            if (TryRead(backup, out var damage) is not { } record)
            {
                problems.Add(new VerificationProblem(PathOf(BackupNames.Record(backup)), 0, damage!));
                continue;
            }

            foreach (var info in record.Tables)
            {
                cancellation.ThrowIfCancellationRequested();
                var name = BackupNames.Table(record.StoreId, info);
                if (seen.Add(name))
                {
                    bytes += info.FileBytes;
                    VerifyTable(record, info, PathOf(name), problems, cancellation);
                }
            }
        }

        return new VerificationReport(ids.Count + seen.Count, bytes, problems);
    }

    public BackupInfo Restore(string target, long? id, CancellationToken cancellation)
    {
        var record = BackupRecord.Read(_files, _directory, id is { } one ? Existing(one) : Newest());
        using var claimed = CopyTarget.Claim(_files, _files.Canonicalize(target), _holder);
        foreach (var info in record.Tables)
        {
            var to = Path.Combine(claimed.Directory, FileNames.Table(info.Number));
            TableCopy.Write(_files, PathOf(BackupNames.Table(record.StoreId, info)), _files, to, record.StoreId, info, cancellation);
        }

        _files.SyncDirectory(claimed.Directory);
        using var versions = VersionSet.Create(_files, claimed.Directory, record.StoreId, new BlockCache(0), first: record.Image);
        claimed.Complete();
        return record.Info;
    }

    public void Delete(IReadOnlyCollection<long> ids)
    {
        using var held = _files.Lock(PathOf(FileNames.Lock), _holder);
        foreach (var id in ids)
        {
            _files.Delete(PathOf(BackupNames.Record(Existing(id))));
        }

        _files.SyncDirectory(_directory);
        RemoveUnnamed();
    }

    public IReadOnlyList<long> KeepNewest(int count)
    {
        var sound = List().Where(static backup => backup.Damage is null).Select(static backup => backup.Id).ToList();
        if (sound.Count == 0)
        {
            return [];
        }

        var kept = sound.TakeLast(count).ToHashSet();
        var deleted = Ids().Where(id => !kept.Contains(id)).ToList();
        if (deleted.Count > 0)
        {
            Delete(deleted);
        }

        return deleted;
    }

    /// <summary>Copies a table unless it is there; returns the bytes copied.</summary>
    private long CopyIn(StoreImage image, TableInfo info, CancellationToken cancellation)
    {
        var name = BackupNames.Table(image.StoreId, info);
        if (LengthOf(name) == info.FileBytes)
        {
            return 0;
        }

        var temporary = PathOf(BackupNames.TableTemporary(name));
        TableCopy.Write(image.Files, image.PathOf(info), _files, temporary, image.StoreId, info, cancellation);
        _files.Rename(temporary, PathOf(name));
        return info.FileBytes;
    }

    private TableInfo WriteUnflushed(StoreImage image)
    {
        // The name has the checksum, which is known when the bytes are.
        var number = image.NextNumber();
        var temporary = PathOf(BackupNames.RecordTemporary);
        var info = image.WriteUnflushed(_files, temporary, number);
        _files.Rename(temporary, PathOf(BackupNames.Table(image.StoreId, info)));
        return info;
    }

    /// <summary>Removes the remains of what was cut short. Under the lock.</summary>
    private void RemoveUnnamed()
    {
        _files.Delete(PathOf(BackupNames.RecordTemporary));
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in Ids())
        {
            if (TryRead(id, out _) is not { } record)
            {
                return;
            }

            named.UnionWith(record.Tables.Select(info => BackupNames.Table(record.StoreId, info)));
        }

        foreach (var name in _files.List(_directory))
        {
            if (BackupNames.IsTable(name) && !named.Contains(name))
            {
                _files.Delete(PathOf(name));
            }
        }
    }

    private void VerifyTable(BackupRecord record, TableInfo info, string path, List<VerificationProblem> problems, CancellationToken cancellation)
    {
        var keys = $"Keys of the table: {KeyText.Of(info.SmallestKey)} to {KeyText.Of(info.LargestKey)}.";
        try
        {
            using var table = Table.Open(_files.OpenRead(path), record.StoreId, info.Number, new BlockCache(0));
            if (!TableInfo.From(info.Number, table.Properties).Equals(info))
            {
                problems.Add(new VerificationProblem(path, 0, $"The file is not the {info} that backup {record.Id} names."));
            }

            table.Verify((offset, description) => problems.Add(new VerificationProblem(path, offset, $"{description} {keys}")), cancellation);
        }
        catch (CorruptionException error)
        {
            problems.Add(new VerificationProblem(path, error.Offset, $"Expected {error.Expected}, found {error.Found}. {keys}"));
        }
        catch (IOException error)
        {
            problems.Add(new VerificationProblem(path, 0, $"Backup {record.Id} needs the file, and it cannot be read: {error.Message} {keys}"));
        }
    }

    private BackupRecord? TryRead(long id, out string? damage)
    {
        try
        {
            damage = null;
            return BackupRecord.Read(_files, _directory, id);
        }
        catch (Exception error) when (error is CorruptionException or StoreFormatException)
        {
            damage = error.Message;
            return null;
        }
    }

    private static BackupInfo Damaged(long id, string damage) => new(id, DateTimeOffset.UnixEpoch, "", 0, 0, 0, 0, damage);

    private List<long> Ids()
    {
        var ids = new List<long>();
        foreach (var name in _files.List(_directory))
        {
            if (BackupNames.TryParseRecord(name, out var id))
            {
                ids.Add(id);
            }
        }

        ids.Sort();
        return ids;
    }

    private long Existing(long id) => Ids().Contains(id) ? id : throw new ArgumentException($"{_directory} has no backup {id}.", nameof(id));

    private long Newest() => Ids() is [.., var newest] ? newest : throw new ArgumentException($"{_directory} has no backup.");

    /// <summary>The length of a file; -1 when it is not there.</summary>
    private long LengthOf(string name)
    {
        var path = PathOf(name);
        if (!_files.FileExists(path))
        {
            return -1;
        }

        using var file = _files.OpenRead(path);
        return file.Length;
    }

    private string PathOf(string name) => Path.Combine(_directory, name);
}
