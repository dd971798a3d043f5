using LsmTree.Storage.Backups;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Versions;

/// <summary>The directory of a store is an entry of its parent, and no more durable than that.</summary>
public sealed class NewDirectoryTests
{
    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Durability = Durability.Full, Seed = 1 };

    private readonly FaultyFileSystem _files = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_directory_of_a_new_store_is_durable_in_its_parent_before_anything_is_acknowledged(bool existsBefore)
    {
        // Made by the application a moment ago, or by a process that died before it came to the fsync.
        _files.CreateDirectory(existsBefore ? "/data/db" : "/data");
        using var store = LsmStore.OpenOn(_files, "/data/db", null, s_options);
        store.Put("a"u8, "1"u8);
        _files.AssertOrder("create-directory db", "sync-directory data", "rename CURRENT.tmp -> CURRENT", "sync-directory db", "append 000002.log", "sync 000002.log");
    }

    [Fact]
    public void So_are_those_of_copies_and_backups()
    {
        using var store = LsmStore.OpenOn(_files, "/data/db", null, s_options);
        store.Put("a"u8, "1"u8);
        _files.CreateDirectory("/copies/one");
        store.CheckpointTo("/copies/one");
        _files.AssertOrder("create-directory one", "sync-directory copies", "rename CURRENT.tmp -> CURRENT", "sync-directory one");
        _files.CreateDirectory("/archive/backups");
        using var image = store.TakeImage();
        new BackupDirectory(_files, "/archive/backups", "test").Create(image, "/data/db", DateTimeOffset.UnixEpoch, CancellationToken.None);
        _files.AssertOrder("create-directory backups", "sync-directory archive", "sync-directory backups");
    }

    [Theory]
    [InlineData(13, true)] // EACCES
    [InlineData(1, true)] // EPERM
    [InlineData(24, false)] // EMFILE
    [InlineData(5, false)] // EIO
    public void A_parent_that_may_not_be_opened_is_left_to_whoever_made_the_directory(int number, bool isOpened) =>
        AssertOpens(new FileNotOpenedException(new IOException($"Refused (error {number}).", number)), isOpened);

    [Theory]
    [InlineData(22, true)] // EINVAL: it knows no fsync
    [InlineData(30, true)] // EROFS
    [InlineData(5, false)] // EIO
    [InlineData(28, false)] // ENOSPC
    public void A_parent_that_knows_no_fsync_needs_none_and_one_that_fails_is_an_error(int number, bool isOpened) =>
        AssertOpens(new IOException($"fsync failed (error {number}).", number), isOpened);

    [Fact]
    public void On_a_real_disk_a_store_is_created_below_a_directory_that_may_only_be_passed_through()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // directories have no such permission, and no fsync
        }

        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.File("parent/db"));
        File.SetUnixFileMode(directory.File("parent"), UnixFileMode.UserExecute);
        try
        {
            using var store = LsmStore.Open(directory.File("parent/db"));
            store.Put("a"u8, "1"u8);
        }
        finally
        {
            File.SetUnixFileMode(directory.File("parent"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private void AssertOpens(Exception error, bool isOpened)
    {
        _files.CreateDirectory("/data/db");
        _files.FailOn(FileOperation.SyncDirectory, "/data", () => error);
        var thrown = Record.Exception(() =>
        {
            using var store = LsmStore.OpenOn(_files, "/data/db", null, s_options);
        });
        Assert.Equal(isOpened, thrown is null);
        Assert.Empty(_files.OpenHandles);
        _files.ClearFaults();
        using var again = LsmStore.OpenOn(_files, "/data/db", null, s_options);
        again.Put("a"u8, "1"u8);
    }
}
