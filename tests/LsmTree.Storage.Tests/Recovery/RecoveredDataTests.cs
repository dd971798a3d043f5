using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Recovery;

/// <summary>What recovery owes to those who read and write after it.</summary>
public sealed class RecoveredDataTests
{
    private const string Directory = "/db";

    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, TableBytes = 64 << 10, Seed = 1 };

    [Fact]
    public void What_was_replayed_survives_a_power_cut_once_the_store_is_open()
    {
        // The log was never synced: after the death of the process it is in the page cache only, and the next power cut would take it.
        var files = new FaultyFileSystem();
        LsmStore.OpenOn(files, Directory, null, s_options).Put("k"u8, "v"u8);
        files = files.Crash(CrashProfile.ProcessDeath);
        using (var reopened = LsmStore.OpenOn(files, Directory, null, s_options))
        {
            Assert.True(reopened.Contains("k"u8));
            files = files.Crash(CrashProfile.PowerCut);
        }

        using var last = LsmStore.OpenOn(files, Directory, null, s_options);
        Assert.True(last.TryGet("k"u8, out byte[]? value));
        Assert.Equal("v"u8, value);
    }

    [Fact]
    public void A_recovery_that_dies_at_any_operation_is_repeated_with_the_same_result()
    {
        var origin = new FaultyFileSystem();
        var store = LsmStore.OpenOn(origin, Directory, null, s_options);
        for (var i = 0; i < 40; i++)
        {
            store.Put(BitConverter.GetBytes(i % 30), BitConverter.GetBytes(i));
        }

        store.DeleteRange(BitConverter.GetBytes(3), BitConverter.GetBytes(5));
        var wanted = Contents(store);
        for (var operation = 1L; ; operation++)
        {
            var files = origin.Crash(CrashProfile.ProcessDeath);
            var died = false;
            for (var attempt = 0; attempt < 3; attempt++)
            {
                files.StopAt(files.Operations + operation);
                try
                {
                    LsmStore.OpenOn(files, Directory, null, s_options).Dispose();
                }
                catch (PowerCutException)
                {
                    died = true;
                }

                files = files.Crash(CrashProfile.ProcessDeath);
            }

            using var recovered = LsmStore.OpenOn(files, Directory, null, s_options);
            Assert.Equal(wanted, Contents(recovered));
            Assert.Equal(store.LastSequence, recovered.LastSequence);
            if (!died)
            {
                Assert.True(operation > 5, $"recovery had only {operation} operations");
                return;
            }
        }
    }

    [Fact]
    public void Tables_that_the_manifest_does_not_name_are_not_read_and_go_away()
    {
        var files = new MemoryFileSystem();
        List<(string Name, byte[] Bytes)> inputs;
        using (var store = LsmStore.OpenOn(files, Directory, null, s_options))
        {
            store.Put("k"u8, "deleted"u8);
            store.Flush();
            inputs = [.. files.List(Directory).Where(static name => name.EndsWith(".sst", StringComparison.Ordinal)).Select(name => (name, FileContents.Read(files, Path.Combine(Directory, name))))];
            store.Delete("k"u8);
            store.Compact();
            Assert.False(store.Contains("k"u8));
        }

        // The deletion of the inputs was lost in a crash.
        Assert.Single(inputs);
        inputs.ForEach(input => FileContents.Write(files, Path.Combine(Directory, input.Name), input.Bytes));
        using var reopened = LsmStore.OpenOn(files, Directory, null, s_options);
        Assert.False(reopened.Contains("k"u8));
        reopened.Put("other"u8, "1"u8);
        reopened.Flush();
        while (reopened.RunBackgroundStep())
        {
            // The sweep is background work.
        }

        Assert.DoesNotContain(inputs[0].Name, files.List(Directory));
    }

    [Fact]
    public void Sequence_numbers_go_on_above_all_that_tables_and_logs_hold()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, Directory, null, s_options);
        store.Put("a"u8, "1"u8);
        store.Put("a"u8, "2"u8);
        store.Flush();
        store.Put("a"u8, "3"u8);
        for (var round = 4; round < 8; round++)
        {
            files = files.Crash(CrashProfile.ProcessDeath);
            store = LsmStore.OpenOn(files, Directory, null, s_options);
            Assert.Equal(round - 1, store.LastSequence);
            store.Put("a"u8, BitConverter.GetBytes(round));
            Assert.Equal(round, store.LastSequence);
            Assert.True(store.TryGet("a"u8, out byte[]? value));
            Assert.Equal(BitConverter.GetBytes(round), value);
        }
    }

    private static List<string> Contents(LsmStore store)
    {
        var contents = new List<string>();
        using var cursor = store.CreateCursor();
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            contents.Add($"{Convert.ToHexString(cursor.Key)}={Convert.ToHexString(cursor.Value)}");
        }

        return contents;
    }
}
