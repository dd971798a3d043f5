using System.Text;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Tests.Versions;

namespace LsmTree.Storage.Tests.Maintenance;

/// <summary>Space comes back without being asked for.</summary>
public sealed class IdleWorkTests
{
    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, TableBytes = 256 << 10, MemtableBytes = 256 << 10, Seed = 1 };

    [Fact]
    public void A_range_delete_of_everything_empties_the_store_when_writes_pause()
    {
        using var directory = new TemporaryDirectory();
        using var store = LsmStore.Open(directory.File("db"), s_options);
        Fill(store, 10_000);
        var before = store.GetStatistics();
        Assert.True(before.TableBytes > 500_000, $"{before.TableBytes} bytes");
        store.DeleteRange("key"u8, "kez"u8);
        var written = store.GetStatistics().BytesWritten - before.BytesWritten;
        Assert.Equal(6, written);
        StepToTheEnd(store);
        Assert.Equal(0, store.GetStatistics().Tables);
        Assert.Empty(Directory.GetFiles(directory.File("db"), "*.sst"));
    }

    [Fact]
    public void Tables_under_a_range_delete_are_dropped_unread()
    {
        using var store = LsmStore.OpenInMemory(s_options);
        Fill(store, 10_000);
        store.Compact();
        var before = store.GetStatistics();
        store.DeleteRange(Key(0), Key(9_000));
        StepToTheEnd(store);
        var after = store.GetStatistics();
        Assert.InRange(after.TableBytes, 1, before.TableBytes / 5);
        Assert.InRange(after.CompactionBytesWritten - before.CompactionBytesWritten, 0, before.TableBytes / 2);
        Assert.Equal(1_000, LsmStoreTests.Dump(store).Count);
    }

    [Fact]
    public void A_memtable_for_which_there_is_no_other_log_waits_and_no_compaction_passes_for_one_that_failed()
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, s_options with { MemtableBytes = 16 << 20 });
        Fill(store, 25_000); // a log so long that the next one is not made ready before it is a quarter full
        store.Flush();
        StepToTheEnd(store);
        store.DeleteRange("key"u8, "kez"u8);
        files.FailOn(FileOperation.Create, ".log", static () => new StoreFullException("full"), sticky: true);
        StepToTheEnd(store);
        Assert.Contains(files.Trace, static line => line.StartsWith("create", StringComparison.Ordinal) && line.EndsWith("failed", StringComparison.Ordinal));
        Assert.NotEqual(0, store.GetStatistics().Tables);
        Assert.Null(store.GetStatistics().CompactionFailure);
        files.ClearFaults();
        StepToTheEnd(store);
        Assert.Equal(0, store.GetStatistics().Tables);
    }

    [Fact]
    public void Threads_empty_the_store_too()
    {
        var directory = "/db";
        using var gone = new ManualResetEventSlim();
        var files = new MemoryFileSystem();
        var listener = new DeletionListener(() =>
        {
            if (!files.List(directory).Any(static name => name.EndsWith(".sst", StringComparison.Ordinal)))
            {
                gone.Set();
            }
        });
        using var store = LsmStore.OpenOn(files, directory, null, s_options with { Background = BackgroundMode.Threads, Events = listener });
        Fill(store, 5_000);
        store.Flush();
        gone.Reset();
        store.DeleteRange("key"u8, "kez"u8);
        Background.Await(gone);
        Assert.Empty(LsmStoreTests.Dump(store));
    }

    [Fact]
    public void After_overwrites_and_deletes_the_files_are_hardly_larger_than_what_lives()
    {
        using var directory = new TemporaryDirectory();
        using var store = LsmStore.Open(directory.File("db"), s_options);
        for (var round = 0; round < 3; round++)
        {
            Fill(store, 40_000);
        }

        for (var i = 0; i < 40_000; i += 2)
        {
            store.Delete(Key(i));
        }

        StepToTheEnd(store);
        long live = 0;
        using (var cursor = store.CreateCursor())
        {
            for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
            {
                live += cursor.Key.Length + cursor.Value.Length;
            }
        }

        Assert.Equal(20_000 * 109, live);
        var tables = Directory.GetFiles(directory.File("db"), "*.sst").Sum(static path => new FileInfo(path).Length);
        var logs = store.GetStatistics().LogBytes;
        Assert.True(tables + logs <= live * 1.15, $"{tables} bytes of tables and {logs} of logs for {live} live bytes");
        Assert.InRange(store.GetStatistics().SpaceAmplification, 1, 1.15);
        Assert.True(store.GetStatistics().WriteAmplification > 1);
    }

    [Fact]
    public void Idle_work_ends_when_a_snapshot_keeps_everything()
    {
        using var store = LsmStore.OpenInMemory(s_options);
        using var snapshot = store.CreateSnapshot();
        for (var round = 0; round < 3; round++)
        {
            Fill(store, 4_000);
            for (var i = 0; i < 4_000; i += 2)
            {
                store.Delete(Key(i));
            }
        }

        StepToTheEnd(store);
        Assert.False(store.RunBackgroundStep());
    }

    [Theory]
    [InlineData("a little above a large level stays", "L0: 4[a-z] #4-4 1M\nL6: 7[a-z] 640M", null)]
    [InlineData("more than a thirty-second goes down", "L0: 4[a-z] #4-4 32M\nL6: 7[a-z] 640M", "Merge L0{4} to L5 (Idle)")]
    [InlineData("the highest level first", "L0: 4[a-c] #4-4 1M\nL5: 5[a-c] 32M\nL6: 7[a-z] 640M", "Merge L0{4} L5{5} to L5 (Idle)")]
    [InlineData("a level of its own is moved", "L5: 5[x-z] 60M\nL6: 7[a-c] 640M", "Move L5{5} to L6 (Idle)")]
    [InlineData("tables of level 0 alone are gathered", "L0: 4[a-c] #4-4 20M 3[a-c] #3-3 20M", "Merge L0{4,3} to L6 (Idle)")]
    [InlineData("but not for next to nothing", "L0: 4[a-c] #4-4 1M 3[a-c] #3-3 1M", null)]
    [InlineData("the last level alone is done", "L6: 7[a-c] 640M", null)]
    public void Levels_above_the_last_are_emptied(string why, string picture, string? plan)
    {
        var picked = IdlePicker.Pick(LevelPicture.VersionOf(picture), LevelSettings.Default, []);
        Assert.True(plan == picked?.ToString(), $"{why}: {picked}");
    }

    [Fact]
    public void A_cursor_held_over_a_hundred_compactions_reads_its_moment_and_its_files_go_when_it_closes()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("db");
        using var store = LsmStore.Open(path, s_options);
        Fill(store, 2_000);
        store.Compact();
        string[] held = Directory.GetFiles(path, "*.sst");
        var cursor = store.CreateCursor();
        Assert.True(cursor.SeekToFirst());
        for (var round = 0; round < 100; round++)
        {
            for (var i = round; i < 2_000; i += 100)
            {
                store.Put(Key(i), [(byte)round]);
            }

            store.Compact();
        }

        Assert.True(store.GetStatistics().Compactions >= 100);
        Assert.Subset(Directory.GetFiles(path, "*.sst").ToHashSet(), held.ToHashSet());
        Assert.True(store.GetStatistics().PinnedTableBytes > 200_000, $"{store.GetStatistics().PinnedTableBytes} bytes are pinned");
        var count = 0;
        for (; cursor.IsValid; cursor.Next())
        {
            Assert.Equal(Key(count), cursor.Key);
            Assert.Equal(new byte[100], cursor.Value);
            count++;
        }

        Assert.Equal(2_000, count);
        cursor.Dispose();
        StepToTheEnd(store);
        Assert.DoesNotContain(held, File.Exists);
        Assert.Equal(0, store.GetStatistics().PinnedTableBytes);
        Assert.Single(Directory.GetFiles(path, "*.sst"));
    }

    private static void StepToTheEnd(LsmStore store)
    {
        for (var steps = 0; store.RunBackgroundStep(); steps++)
        {
            Assert.True(steps < 10_000, $"The steps do not come to an end: {store.GetStatistics()} {string.Join('\n', store.GetLevels())}");
        }
    }

    private static void Fill(LsmStore store, int count)
    {
        var value = new byte[100];
        for (var i = 0; i < count; i++)
        {
            store.Put(Key(i), value);
        }
    }

    private static byte[] Key(int number) => Encoding.ASCII.GetBytes($"key{number:D6}");

    private sealed class DeletionListener(Action onDeleted) : StoreEventListener
    {
        public override void OnTableDeleted(string file) => onDeleted();
    }
}
