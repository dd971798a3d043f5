namespace LsmTree.Storage;

/// <summary>One backup of a backup directory.</summary>
/// <param name="Id">Its number; a newer backup has a higher one.</param>
/// <param name="CreatedAt">When it was made, by the clock of the store.</param>
/// <param name="Source">The directory of the store that it was made of.</param>
/// <param name="LastSequence">The sequence number of the newest write that it holds.</param>
/// <param name="Tables">Table files that it consists of.</param>
/// <param name="Bytes">Bytes of these files, those that it shares with other backups included.</param>
/// <param name="CopiedBytes">Bytes of the files that no earlier backup had: what making it has cost.</param>
/// <param name="Damage">What is wrong with its record, so that it cannot be restored; null when the record is sound. <see cref="StoreBackup.Verify"/> looks at the tables, too.</param>
public sealed record BackupInfo(long Id, DateTimeOffset CreatedAt, string Source, long LastSequence, int Tables, long Bytes, long CopiedBytes, string? Damage);
