using LsmTree.Storage.Backups;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Backups;

/// <summary>Backups that share files: made, listed, verified, restored, deleted; on damage and on crashes.</summary>
public sealed class StoreBackupTests : IDisposable
{
    private const string Store = "/db";
    private const string Backups = "/backups";

    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Seed = 1 };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Each_backup_restores_its_own_moment_and_copies_only_what_is_new()
    {
        var backups = _directory.File("backups");
        IReadOnlyList<string> first;
        IReadOnlyList<string> second;
        using (var store = LsmStore.Open(_directory.File("db"), s_options))
        {
            StoreContents.Put(store, 0, 500, "one");
            var made = StoreBackup.Create(store, backups);
            first = StoreContents.Of(store);
            Assert.Equal((1L, 1, made.Bytes, (long?)null), (made.Id, made.Tables, made.CopiedBytes, null));

            StoreContents.Put(store, 500, 600, "two");
            store.Delete("k0007"u8);
            made = StoreBackup.Create(store, backups);
            second = StoreContents.Of(store);
            Assert.Equal((2L, 2), (made.Id, made.Tables));
            Assert.InRange(made.CopiedBytes, 1, made.Bytes / 2);
            Assert.Equal(0, StoreBackup.Create(store, backups).CopiedBytes);
        }

        var listed = StoreBackup.List(backups);
        Assert.Equal([1, 2, 3], listed.Select(static backup => backup.Id));
        Assert.All(listed, backup => Assert.Equal((null, _directory.File("db")), (backup.Damage, backup.Source)));
        Assert.True(StoreBackup.Verify(backups).IsSound);

        StoreBackup.Restore(backups, _directory.File("old"), 1);
        Assert.Equal(3, StoreBackup.Restore(backups, _directory.File("new")).Id);
        Assert.Equal(first, StoreContents.Of(new DiskFileSystem(), _directory.File("old")));
        Assert.Equal(second, StoreContents.Of(new DiskFileSystem(), _directory.File("new")));
    }

    [Fact]
    public void A_restored_store_and_its_origin_may_go_on_apart_in_one_backup_directory()
    {
        var backups = _directory.File("backups");
        using var origin = LsmStore.Open(_directory.File("db"), s_options);
        StoreContents.Put(origin, 0, 10, "both");
        StoreBackup.Create(origin, backups);
        StoreBackup.Restore(backups, _directory.File("copy"));
        using var copy = LsmStore.Open(_directory.File("copy"), s_options);
        StoreContents.Put(origin, 0, 5, "origin");
        StoreContents.Put(copy, 0, 5, "copy");
        StoreBackup.Create(origin, backups);
        StoreBackup.Create(copy, backups);

        StoreBackup.Restore(backups, _directory.File("r2"), 2);
        StoreBackup.Restore(backups, _directory.File("r3"), 3);
        Assert.Equal(StoreContents.Of(origin), StoreContents.Of(new DiskFileSystem(), _directory.File("r2")));
        Assert.Equal(StoreContents.Of(copy), StoreContents.Of(new DiskFileSystem(), _directory.File("r3")));
    }

    [Fact]
    public void A_store_in_memory_can_be_backed_up_to_the_disk()
    {
        using var store = LsmStore.OpenInMemory(s_options);
        StoreContents.Put(store, 0, 10, "kept");
        StoreBackup.Create(store, _directory.File("backups"));
        StoreBackup.Restore(_directory.File("backups"), _directory.File("db"));
        Assert.Equal(StoreContents.Of(store), StoreContents.Of(new DiskFileSystem(), _directory.File("db")));
    }

    [Fact]
    public void What_only_a_log_holds_is_in_the_copies_of_a_store_that_was_opened_read_only()
    {
        var files = new FaultyFileSystem();
        var writer = LsmStore.OpenOn(files, Store, null, s_options);
        StoreContents.Put(writer, 0, 10, "table");
        writer.Flush();
        StoreContents.Put(writer, 5, 15, "log");
        writer.DeleteRange("k0001"u8, "k0003"u8);
        var expected = StoreContents.Of(writer);

        using (var reader = LsmStore.OpenOn(files, Store, null, s_options with { Mode = OpenMode.ReadOnly }))
        {
            reader.CheckpointTo("/checkpoint");
            Create(files, reader);
        }

        new BackupDirectory(files, Backups, "test").Restore("/restored", null, CancellationToken.None);
        Assert.Equal(expected, StoreContents.Of(files, "/checkpoint"));
        Assert.Equal(expected, StoreContents.Of(files, "/restored"));
        writer.Dispose();
    }

    [Fact]
    public void Deleting_a_backup_leaves_what_the_others_need_and_nothing_else()
    {
        var (files, states) = ThreeBackups();
        var backups = new BackupDirectory(files, Backups, "test");
        backups.Delete([2]);
        Assert.True(backups.Verify(null, CancellationToken.None).IsSound);
        Assert.Equal([1L, 2L], backups.KeepNewest(1).Prepend(2L).Order());
        var record = BackupRecord.Read(files, Backups, 3);
        var expected = record.Tables.Select(info => BackupNames.Table(record.StoreId, info)).Append("BACKUP-000003").Append("LOCK").Order(StringComparer.Ordinal);
        Assert.Equal(expected, files.List(Backups));
        backups.Restore("/restored", null, CancellationToken.None);
        Assert.Equal(states[2], StoreContents.Of(files, "/restored"));
        Assert.Throws<ArgumentException>(() => backups.Restore("/again", 2, CancellationToken.None));
    }

    [Fact]
    public void Every_damaged_byte_of_a_backup_is_named_and_never_restored()
    {
        var (whole, _) = ThreeBackups();
        foreach (var name in whole.List(Backups).Where(static name => name != "LOCK"))
        {
            var bytes = FileContents.Read(whole, $"{Backups}/{name}");
            for (var offset = 0; offset < bytes.Length; offset += 1 + bytes.Length / 60)
            {
                var damaged = (byte[])bytes.Clone();
                damaged[offset] ^= 0x10;
                var files = Copy(whole, name, damaged);
                var report = new BackupDirectory(files, Backups, "test").Verify(null, CancellationToken.None);
                Assert.True(report.Problems.Any(problem => problem.File.EndsWith(name, StringComparison.Ordinal)), $"{name} at {offset}: {string.Join('\n', report.Problems)}");
            }

            var cut = Copy(whole, name, bytes[..^1]);
            Assert.Contains(new BackupDirectory(cut, Backups, "test").Verify(null, CancellationToken.None).Problems, problem => problem.File.EndsWith(name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Restoring_a_damaged_backup_throws_with_the_file_and_leaves_nothing_but_the_lock_file()
    {
        var (whole, _) = ThreeBackups();
        var table = whole.List(Backups).Last(BackupNames.IsTable);
        var bytes = FileContents.Read(whole, $"{Backups}/{table}");
        bytes[bytes.Length / 2] ^= 1;
        var files = Copy(whole, table, bytes);
        var error = Assert.Throws<CorruptionException>(() => new BackupDirectory(files, Backups, "test").Restore("/restored", 3, CancellationToken.None));
        Assert.EndsWith(table, error.File, StringComparison.Ordinal);
        Assert.Equal(["LOCK"], files.List("/restored"));
    }

    [Fact]
    public void A_damaged_table_of_the_store_is_not_backed_up()
    {
        var files = new FaultyFileSystem();
        using (var store = LsmStore.OpenOn(files, Store, null, s_options))
        {
            StoreContents.Put(store, 0, 100, "value");
        }

        var table = files.List(Store).Single(static name => name.EndsWith(".sst", StringComparison.Ordinal));
        var bytes = FileContents.Read(files, $"{Store}/{table}");
        bytes[40] ^= 1;
        FileContents.Write(files, $"{Store}/{table}", bytes);
        using var damaged = LsmStore.OpenOn(files, Store, null, s_options);
        var error = Assert.Throws<CorruptionException>(() => Create(files, damaged));
        Assert.EndsWith(table, error.File, StringComparison.Ordinal);
        Assert.Equal(["LOCK"], files.List(Backups));
    }

    [Fact]
    public void A_damaged_record_is_listed_protects_the_tables_it_may_name_and_can_be_deleted()
    {
        var (whole, states) = ThreeBackups();
        var bytes = FileContents.Read(whole, $"{Backups}/BACKUP-000001");
        bytes[70] ^= 1;
        var files = Copy(whole, "BACKUP-000001", bytes);
        var backups = new BackupDirectory(files, Backups, "test");
        Assert.Equal([true, false, false], backups.List().Select(static backup => backup.Damage is not null));
        var tables = files.List(Backups).Count(BackupNames.IsTable);
        backups.Delete([2]);
        Assert.Equal(tables, files.List(Backups).Count(BackupNames.IsTable));
        backups.Delete([1]);
        Assert.True(files.List(Backups).Count(BackupNames.IsTable) < tables);
        backups.Restore("/restored", null, CancellationToken.None);
        Assert.Equal(states[2], StoreContents.Of(files, "/restored"));
    }

    [Fact]
    public void A_store_is_refused_as_a_backup_directory_and_a_full_directory_as_a_target()
    {
        var (files, _) = ThreeBackups();
        using var store = LsmStore.OpenOn(files, "/other", null, s_options);
        Assert.Throws<StoreFormatException>(() => Create(files, store, "/other"));
        Assert.Throws<IOException>(() => new BackupDirectory(files, Backups, "test").Restore("/other", null, CancellationToken.None));
    }

    /// <summary>The power is cut before every operation of a second backup and of the deletion of the first.</summary>
    [Fact]
    public void A_crash_at_any_operation_leaves_every_earlier_backup_and_the_next_one_cleans_up()
    {
        var (files, _, _) = RunUntil(long.MaxValue);
        var operations = files.Operations;
        Assert.True(operations > 30, $"only {operations} operations");
        for (long k = 1; k < operations; k++)
        {
            var (cut, states, made) = RunUntil(k);
            foreach (var profile in new[] { CrashProfile.PowerCut, k % 2 == 0 ? CrashProfile.ProcessDeath : CrashProfile.RandomSectors((int)k) })
            {
                Check(cut.Crash(profile), states, made, $"operation {k}, {profile}");
            }
        }
    }

    private static void Check(FaultyFileSystem files, Dictionary<long, IReadOnlyList<string>> states, (int Created, bool DeletedFirst) made, string where)
    {
        if (!files.DirectoryExists(Backups))
        {
            Assert.True(made.Created == 0, where);
            return;
        }

        var backups = new BackupDirectory(files, Backups, "test");
        var listed = backups.List().Select(static backup => backup.Id).ToList();
        Assert.True(made.Created < 1 || made.DeletedFirst || listed.Contains(1), where);
        Assert.True(made.Created < 2 || listed.Contains(2), where);
        var report = backups.Verify(null, CancellationToken.None);
        Assert.True(report.IsSound, $"{where}: {string.Join('\n', report.Problems)}");
        foreach (var id in listed)
        {
            backups.Restore($"/restored{id}", id, CancellationToken.None);
            Assert.True(states[id].SequenceEqual(StoreContents.Of(files, $"/restored{id}")), $"{where}: backup {id}");
        }

        using var store = LsmStore.OpenOn(files, Store, null, s_options);
        Create(files, store);
        var needed = backups.List().Count + Named(files).Count + 1; // and LOCK
        Assert.True(needed == files.List(Backups).Count, $"{where}: {string.Join(' ', files.List(Backups))}");
        Assert.True(backups.Verify(null, CancellationToken.None).IsSound, where);
    }

    private static HashSet<string> Named(FaultyFileSystem files)
    {
        var named = new HashSet<string>();
        foreach (var backup in new BackupDirectory(files, Backups, "test").List())
        {
            var record = BackupRecord.Read(files, Backups, backup.Id);
            named.UnionWith(record.Tables.Select(info => BackupNames.Table(record.StoreId, info)));
        }

        return named;
    }

    private static (FaultyFileSystem Files, Dictionary<long, IReadOnlyList<string>> States, (int Created, bool DeletedFirst) Made) RunUntil(long operation)
    {
        var files = new FaultyFileSystem();
        files.StopAt(operation);
        var states = new Dictionary<long, IReadOnlyList<string>>();
        var created = 0;
        var deleting = false;
        try
        {
            var store = LsmStore.OpenOn(files, Store, null, s_options);
            StoreContents.Put(store, 0, 20, "one");
            states[1] = StoreContents.Of(store);
            Create(files, store);
            created = 1;
            StoreContents.Put(store, 10, 30, "two");
            store.Delete("k0001"u8);
            states[2] = StoreContents.Of(store);
            Create(files, store);
            created = 2;
            store.Compact();
            deleting = true;
            new BackupDirectory(files, Backups, "test").Delete([1]);
        }
        catch (Exception error) when (error is IOException or StoreException)
        {
            // What is left is looked at by the caller.
        }

        return (files, states, (created, deleting));
    }

    private static (FaultyFileSystem Files, List<IReadOnlyList<string>> States) ThreeBackups()
    {
        var files = new FaultyFileSystem();
        var states = new List<IReadOnlyList<string>>();
        using var store = LsmStore.OpenOn(files, Store, null, s_options);
        for (var i = 0; i < 3; i++)
        {
            StoreContents.Put(store, i * 10, i * 10 + 15, $"value {i}");
            if (i == 2)
            {
                store.Compact();
            }

            Create(files, store);
            states.Add(StoreContents.Of(store));
        }

        return (files, states);
    }

    private static BackupInfo Create(FaultyFileSystem files, LsmStore store, string directory = Backups)
    {
        using var image = store.TakeImage();
        return new BackupDirectory(files, directory, "test").Create(image, Store, DateTimeOffset.UnixEpoch.AddDays(1), CancellationToken.None);
    }

    private static FaultyFileSystem Copy(FaultyFileSystem whole, string name, byte[] content)
    {
        var files = whole.Crash(CrashProfile.ProcessDeath);
        FileContents.Write(files, $"{Backups}/{name}", content);
        return files;
    }
}
