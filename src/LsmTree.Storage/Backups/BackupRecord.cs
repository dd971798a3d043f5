using System.Text;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Backups;

/// <summary>The file BACKUP-NNNNNN: which tables a backup consists of, and where it comes from.</summary>
/// <remarks>
/// <code>
///   log header      store id, and the backup's number as the log's
///   record 1        created varint | copied varint | length varint | source      milliseconds since 1970, bytes, UTF-8
///   record 2        an edit that builds the version from nothing (<see cref="VersionEditFormat"/>)
///   trailer
/// </code>
/// <para>It is a log that was closed, so that every byte has a checksum and a missing end is seen. It comes into being by a rename, after
/// all that it names is durable: a record that is there is a whole backup.</para>
/// </remarks>
/// <param name="Id">The backup's number.</param>
/// <param name="CreatedAt">When it was made, in milliseconds since 1970 (UTC).</param>
/// <param name="CopiedBytes">Bytes of the tables that no earlier backup had.</param>
/// <param name="Source">The directory of the store.</param>
/// <param name="Image">The whole version of the store, as the first edit of a manifest.</param>
internal sealed record BackupRecord(long Id, long CreatedAt, long CopiedBytes, string Source, VersionEdit Image)
{
    /// <summary>The last moment that a <see cref="DateTimeOffset"/> can tell: the year 9999.</summary>
    private const long MaxMilliseconds = 253402300799999;

    public ulong StoreId => Image.StoreId!.Value;

    public IEnumerable<TableInfo> Tables => Image.Added.Select(static added => added.Info);

    public BackupInfo Info => new(
        Id,
        DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        Source,
        (long)(Image.LastSequence ?? 0),
        Image.Added.Count,
        Tables.Sum(static table => table.FileBytes),
        CopiedBytes,
        Damage: null);

    /// <summary>Writes the record under its temporary name, syncs it and puts it in force.</summary>
    public void Write(IFileSystem files, string directory)
    {
        var temporary = Path.Combine(directory, BackupNames.RecordTemporary);
        using (var log = LogWriter.Create(files, temporary, new LogIdentity(StoreId, (ulong)Id), new AppendSettings(Mapped: false)))
        using (var payload = new ByteBuffer())
        {
            log.Begin(default);
            var source = Encoding.UTF8.GetBytes(Source);
            payload.AppendVarint((ulong)CreatedAt);
            payload.AppendVarint((ulong)CopiedBytes);
            payload.AppendVarint((ulong)source.Length);
            payload.Append(source);
            log.Append(LogRecordType.Edit, 1, 1, payload.Written);
            payload.Clear();
            VersionEditFormat.Encode(Image, payload);
            log.Append(LogRecordType.Edit, 2, 1, payload.Written);
            log.Close();
        }

        files.SyncDirectory(directory);
        files.Rename(temporary, Path.Combine(directory, BackupNames.Record(Id)));
        files.SyncDirectory(directory);
    }

    /// <summary>Reads and checks a record.</summary>
    /// <exception cref="CorruptionException">It is damaged.</exception>
    /// <exception cref="StoreFormatException">It was written in a newer format.</exception>
    public static BackupRecord Read(IFileSystem files, string directory, long id)
    {
        var path = Path.Combine(directory, BackupNames.Record(id));
        using var log = LogReader.Open(files, path);
        if (log.Header is { } header && header.Identity.Number != (ulong)id)
        {
            CorruptionException.Throw(path, 0, $"the record of backup {id}", $"that of backup {header.Identity.Number}");
        }

        var origin = ReadOrigin(log, path);
        var image = ReadImage(log, path);
        if (log.TryRead(out var more))
        {
            CorruptionException.Throw(path, more.Offset, "the end of the record", "more of it");
        }

        if (log.End is not LogEnd.Closed)
        {
            Throw(log, path);
        }

        return new BackupRecord(id, origin.CreatedAt, origin.CopiedBytes, origin.Source, image);
    }

    private static (long CreatedAt, long CopiedBytes, string Source) ReadOrigin(LogReader log, string path)
    {
        if (!log.TryRead(out var record))
        {
            Throw(log, path);
        }

        var fields = new FieldReader(record.Payload);
        var created = fields.ReadNumber(MaxMilliseconds);
        var copied = fields.ReadNumber(long.MaxValue);
        var source = fields.ReadBytes();
        if (!fields.IsComplete)
        {
            CorruptionException.Throw(path, record.Offset, "time, size and source of a backup", $"{record.Payload.Length} bytes that are none");
        }

        return (created, copied, Encoding.UTF8.GetString(source));
    }

    private static VersionEdit ReadImage(LogReader log, string path)
    {
        if (!log.TryRead(out var record))
        {
            Throw(log, path);
        }

        if (!VersionEditFormat.TryDecode(record.Payload, out var image, out var problem))
        {
            CorruptionException.Throw(path, record.Offset, "the tables of a backup", problem);
        }

        if (image.FormatVersion is { } format and > StoreFormat.Newest)
        {
            throw StoreFormat.Refuse(path, format);
        }

        if (image.FormatVersion is null || image.StoreId != log.Header!.Identity.StoreId || image.Removed.Count > 0)
        {
            CorruptionException.Throw(path, record.Offset, "the whole version of the store that the header names", "something else");
        }

        return image;
    }

    private static void Throw(LogReader log, string path)
    {
        var (offset, found) = log.End switch
        {
            LogEnd.Damaged damaged => (damaged.Offset, damaged.Found),
            LogEnd.Torn torn => (torn.Offset, torn.Reason),
            var end => (end.Offset, "the end of the file"),
        };
        CorruptionException.Throw(path, offset, "a whole record of a backup", found);
    }
}
