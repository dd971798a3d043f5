using LsmTree.Storage.Tests.Backups;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Inspection;

/// <summary>Verify, or the open before it, names every damaged byte of every file that counts.</summary>
public sealed class StoreVerificationTests
{
    private const string Store = "/db";

    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Seed = 1, BlockBytes = 512 };

    [Fact]
    public void A_sound_store_is_read_to_its_last_file_whether_it_is_in_use_or_read_only()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, Store, null, s_options);
        StoreContents.Put(store, 0, 100, "table");
        store.Flush();
        StoreContents.Put(store, 50, 150, "log");
        var report = store.Verify();
        Assert.True(report.IsSound, string.Join('\n', report.Problems));
        var counted = files.List(Store).Where(static name => name != "LOCK").ToList();
        Assert.True(report.Files >= counted.Count - 1, $"{report.Files} of {string.Join(' ', counted)}"); // but for an obsolete log
        Assert.True(report.Bytes > counted.Where(static name => name.EndsWith(".sst", StringComparison.Ordinal)).Sum(name => FileContents.Read(files, $"{Store}/{name}").Length));
        using var reader = LsmStore.OpenOn(files, Store, null, s_options with { Mode = OpenMode.ReadOnly });
        Assert.True(reader.Verify().IsSound);
    }

    [Fact]
    public void Every_flipped_byte_is_named_by_the_open_or_by_the_verification()
    {
        var whole = ClosedStore();
        var checkedBytes = 0;
        foreach (var name in whole.List(Store).Where(static name => name != "LOCK"))
        {
            var bytes = FileContents.Read(whole, $"{Store}/{name}");
            for (var offset = 0; offset < bytes.Length; offset += 1 + bytes.Length / 150)
            {
                var files = whole.Crash(CrashProfile.ProcessDeath);
                var damaged = (byte[])bytes.Clone();
                // A byte of the newest record that is lost altogether, and so zero, is what a torn write may leave.
                var bit = (byte)(1 << offset % 8);
                damaged[offset] ^= damaged[offset] != bit ? bit : bit == 0x80 ? (byte)1 : (byte)(bit << 1);
                FileContents.Write(files, $"{Store}/{name}", damaged);
                Assert.True(Names(files, name), $"{name} at {offset} of {bytes.Length}");
                checkedBytes++;
            }
        }

        Assert.True(checkedBytes > 400, $"{checkedBytes}");
    }

    [Fact]
    public void Damage_is_named_in_a_store_that_is_open_for_writing_with_block_and_keys()
    {
        using var directory = new TemporaryDirectory();
        using var store = LsmStore.Open(directory.File("db"), s_options);
        StoreContents.Put(store, 0, 200, "some value");
        store.Flush();
        Assert.True(store.Verify().IsSound);
        var table = Assert.Single(store.Inspect().GetTables());
        Overwrite(table.File, 1_000, [0xFF, 0xFE, 0xFD]);
        var report = store.Verify();
        Assert.All(report.Problems, problem => Assert.Equal(table.File, problem.File));
        Assert.Contains(report.Problems, static problem => problem.Offset is > 0 and <= 1_000 && problem.Description.Contains("keys from", StringComparison.Ordinal));

        Overwrite(directory.File("db/CURRENT"), 3, [0x58]);
        Assert.Contains(store.Verify().Problems, static problem => problem.File.EndsWith("CURRENT", StringComparison.Ordinal));
    }

    [Fact]
    public void A_record_that_a_crash_left_unfinished_is_no_damage()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, Store, null, s_options);
        StoreContents.Put(store, 0, 10, "kept");
        StoreContents.Put(store, 10, 20, "torn");
        var cut = files.Crash(CrashProfile.TornAfter(300));
        using var reader = LsmStore.OpenOn(cut, Store, null, s_options with { Mode = OpenMode.ReadOnly });
        Assert.Equal(10, StoreContents.Of(reader).Count);
        var report = reader.Verify();
        Assert.True(report.IsSound, string.Join('\n', report.Problems));
    }

    private static void Overwrite(string path, long offset, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.Position = offset;
        file.Write(bytes);
    }

    private static bool Names(FaultyFileSystem files, string name)
    {
        try
        {
            using var store = LsmStore.OpenOn(files, Store, null, s_options with { Mode = OpenMode.ReadOnly });
            return store.Verify().Problems.Any(problem => problem.File.EndsWith(name, StringComparison.Ordinal));
        }
        catch (CorruptionException error)
        {
            return error.File.EndsWith(name, StringComparison.Ordinal) || error.Expected.Contains(name, StringComparison.Ordinal);
        }
        catch (StoreFormatException error)
        {
            return error.Message.Contains(name, StringComparison.Ordinal) || error.Message.Contains("CURRENT", StringComparison.Ordinal);
        }
    }

    /// <summary>Tables on two levels and a log with records, all of it durable: what a clean close would leave, and a log beside it.</summary>
    private static FaultyFileSystem ClosedStore()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, Store, null, s_options with { Durability = Durability.Full, LogAppend = LogAppend.Positional });
        StoreContents.Put(store, 0, 60, "one");
        store.Compact();
        StoreContents.Put(store, 30, 90, "two");
        store.DeleteRange("k0010"u8, "k0020"u8);
        store.Flush();
        StoreContents.Put(store, 80, 100, "three");
        StoreContents.Put(store, 90, 110, "four");
        while (store.RunBackgroundStep())
        {
            // Until nothing obsolete is left.
        }

        return files.Crash(CrashProfile.ProcessDeath);
    }
}
