using System.Buffers;
using System.Text;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests;

/// <summary>The store as its users see it, on a real disk.</summary>
public sealed class LsmStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Open_put_get_batch_write_scan_and_reopen()
    {
        using (var store = LsmStore.Open(_directory.File("db")))
        {
            store.Put("key"u8, "value"u8);
            Assert.True(store.TryGet("key"u8, out byte[]? value));
            Assert.Equal("value"u8, value);

            var batch = new WriteBatch();
            batch.Put("k1"u8, "v1"u8);
            batch.Put("k2"u8, "v2"u8);
            batch.Delete("key"u8);
            store.Write(batch);
            Assert.False(store.TryGet("key"u8, out value));
            Assert.Equal(["k1=v1", "k2=v2"], Dump(store));
        }

        using var reopened = LsmStore.Open(_directory.File("db"));
        Assert.Equal(["k1=v1", "k2=v2"], Dump(reopened));
    }

    [Theory]
    [InlineData(Durability.Off)]
    [InlineData(Durability.Normal)]
    [InlineData(Durability.Full)]
    public void A_clean_close_keeps_everything_in_every_durability_mode(Durability durability)
    {
        var options = new LsmStoreOptions { Durability = durability, MemtableBytes = 64 << 10 };
        using (var store = LsmStore.Open(_directory.File("db"), options))
        {
            for (var i = 0; i < 5_000; i++)
            {
                store.Put(Bytes($"key{i:D6}"), Bytes($"value{i}"));
            }
        }

        using var reopened = LsmStore.Open(_directory.File("db"), options);
        Assert.Equal(5_000, Dump(reopened).Count);
        Assert.True(reopened.TryGet("key004321"u8, out byte[]? value));
        Assert.Equal("value4321"u8, value);
    }

    [Fact]
    public void Empty_keys_and_empty_values_are_ordinary_and_differ_from_absence()
    {
        using var store = LsmStore.OpenInMemory();
        store.Put(""u8, "of the empty key"u8);
        store.Put("k"u8, ""u8);
        Assert.True(store.TryGet(""u8, out byte[]? value));
        Assert.Equal("of the empty key"u8, value);
        Assert.True(store.TryGet("k"u8, out value));
        Assert.Empty(value);
        Assert.False(store.TryGet("absent"u8, out value));
        Assert.Null(value);
        store.Flush();
        Assert.True(store.TryGet(""u8, out value));
        Assert.True(store.Contains("k"u8));
    }

    [Fact]
    public void A_value_that_does_not_fit_gives_its_length_and_copies_nothing()
    {
        using var store = LsmStore.OpenInMemory();
        store.Put("k"u8, "0123456789"u8);
        var small = new byte[4];
        Assert.True(store.TryGet("k"u8, small, out var length));
        Assert.Equal(10, length);
        Assert.Equal(new byte[4], small);
        var large = new byte[16];
        Assert.True(store.TryGet("k"u8, large, out length));
        Assert.Equal("0123456789"u8, large.AsSpan(0, length));
        var writer = new ArrayBufferWriter<byte>();
        Assert.True(store.TryGet("k"u8, writer));
        Assert.Equal("0123456789"u8, writer.WrittenSpan);
    }

    [Fact]
    public void Keys_past_64_KiB_and_less_durability_than_the_store_has_are_refused_and_nothing_is_written()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Durability = Durability.Full });
        store.Put(new byte[64 << 10], "longest"u8);
        Assert.Contains("64 KiB", Assert.Throws<ArgumentException>(() => store.Put(new byte[(64 << 10) + 1], "v"u8)).Message);
        Assert.Contains("not for less", Assert.Throws<ArgumentException>(() => store.Put("k"u8, "v"u8, Durability.Normal)).Message);
        Assert.False(store.Contains("k"u8));
        Assert.Equal(1, store.LastSequence);
    }

    [Fact]
    public void Settings_outside_their_ranges_are_refused_by_name()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => LsmStore.OpenInMemory(new LsmStoreOptions { BlockBytes = 1 }));
        Assert.Contains("BlockBytes", error.Message);
    }

    [Fact]
    public void A_snapshot_and_a_cursor_see_their_moment_through_flushes_and_compactions()
    {
        using var store = LsmStore.Open(_directory.File("db"), new LsmStoreOptions { MemtableBytes = 64 << 10, TableBytes = 64 << 10 });
        for (var i = 0; i < 2_000; i++)
        {
            store.Put(Bytes($"key{i:D5}"), "old"u8);
        }

        using var snapshot = store.CreateSnapshot();
        using var cursor = store.CreateCursor();
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 2_000; i++)
            {
                store.Put(Bytes($"key{i:D5}"), Bytes($"new{round}"));
            }

            store.DeleteRange("key01000"u8, "key01500"u8);
            store.Compact();
        }

        var count = 0;
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            Assert.Equal("old"u8, cursor.Value);
            count++;
        }

        Assert.Equal(2_000, count);
        Assert.True(store.TryGet("key01234"u8, out byte[]? value, snapshot));
        Assert.Equal("old"u8, value);
        Assert.False(store.TryGet("key01234"u8, out value));
        Assert.Equal(1_500, Dump(store).Count);
    }

    [Fact]
    public void Files_that_a_cursor_held_go_away_when_it_closes()
    {
        var directory = _directory.File("db");
        using var store = LsmStore.Open(directory, new LsmStoreOptions { Background = BackgroundMode.Manual });
        store.Put("a"u8, new byte[10_000]);
        store.Flush();
        var first = Tables(directory);
        Assert.Single(first);
        var cursor = store.CreateCursor();
        store.Put("a"u8, new byte[10_000]);
        store.Compact();
        Assert.Contains(first[0], Tables(directory));
        Assert.True(cursor.SeekToFirst());
        cursor.Dispose();
        while (store.RunBackgroundStep())
        {
            // Until nothing is left to do.
        }

        Assert.DoesNotContain(first[0], Tables(directory));
        Assert.Single(Tables(directory));
    }

    [Fact]
    public void A_checkpoint_is_a_store_of_its_own()
    {
        using var store = LsmStore.Open(_directory.File("db"));
        store.Put("a"u8, "1"u8);
        store.CheckpointTo(_directory.File("copy"));
        store.Put("a"u8, "2"u8);
        store.Put("b"u8, "2"u8);
        store.Compact();
        using (var copy = LsmStore.Open(_directory.File("copy")))
        {
            Assert.Equal(["a=1"], Dump(copy));
            Assert.True(copy.Verify().IsSound);
            copy.Put("c"u8, "3"u8);
        }

        using var again = LsmStore.Open(_directory.File("copy"));
        Assert.Equal(["a=1", "c=3"], Dump(again));
        Assert.Equal(["a=2", "b=2"], Dump(store));
        Assert.Contains("not empty", Assert.Throws<IOException>(() => store.CheckpointTo(_directory.File("copy"))).Message);
    }

    [Fact]
    public void A_second_open_is_refused_with_the_holder_in_the_message_and_works_after_dispose()
    {
        var directory = _directory.File("db");
        using (var store = LsmStore.Open(directory))
        {
            var error = Assert.Throws<StoreLockedException>(() => LsmStore.Open(directory + "/../db"));
            Assert.Contains(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message);
            Assert.True(error.IsTransient);
        }

        LsmStore.Open(directory).Dispose();
    }

    [Fact]
    public void Reading_only_sees_what_the_log_holds_and_changes_no_byte()
    {
        var directory = _directory.File("db");
        var writer = LsmStore.Open(directory, new LsmStoreOptions { Background = BackgroundMode.Manual });
        writer.Put("flushed"u8, "1"u8);
        writer.Flush();
        writer.Put("logged"u8, "2"u8);
        var before = Contents(directory);
        using (var reader = LsmStore.Open(directory, new LsmStoreOptions { Mode = OpenMode.ReadOnly }))
        {
            Assert.Equal(["flushed=1", "logged=2"], Dump(reader));
            Assert.Throws<InvalidOperationException>(() => reader.Put("x"u8, "y"u8));
            Assert.Throws<InvalidOperationException>(() => reader.Flush());
        }

        Assert.Equal(before, Contents(directory));
        writer.Dispose();
    }

    [Fact]
    public void A_directory_that_is_not_a_store_is_refused_where_a_store_is_asked_for()
    {
        Assert.Throws<StoreFormatException>(() => LsmStore.Open(_directory.File("absent"), new LsmStoreOptions { Mode = OpenMode.ReadWrite }));
        Directory.CreateDirectory(_directory.File("other"));
        File.WriteAllText(_directory.File("other/readme.txt"), "not a store");
        Assert.Throws<StoreFormatException>(() => LsmStore.Open(_directory.File("other"), new LsmStoreOptions { Mode = OpenMode.ReadWrite }));
        Assert.Throws<StoreFormatException>(() => LsmStore.Open(_directory.File("other"), new LsmStoreOptions { Mode = OpenMode.ReadOnly }));
        Assert.Equal(["LOCK", "readme.txt"], Directory.GetFiles(_directory.File("other")).Select(path => Path.GetFileName(path)!).Order());
    }

    [Fact]
    public void A_store_that_lost_its_CURRENT_is_not_taken_for_an_empty_one()
    {
        var directory = _directory.File("db");
        using (var store = LsmStore.Open(directory))
        {
            store.Put("a"u8, "1"u8);
        }

        File.Delete(Path.Combine(directory, "CURRENT"));
        Assert.Contains("CURRENT", Assert.Throws<StoreFormatException>(() => LsmStore.Open(directory)).Message);
    }

    [Fact]
    public void A_flipped_byte_in_a_table_is_an_error_that_names_the_file_and_never_wrong_data()
    {
        var directory = _directory.File("db");
        using (var store = LsmStore.Open(directory))
        {
            for (var i = 0; i < 100; i++)
            {
                store.Put(Bytes($"key{i:D3}"), new byte[100]);
            }
        }

        var table = Directory.GetFiles(directory, "*.sst").Single();
        var bytes = File.ReadAllBytes(table);
        bytes[100] ^= 1;
        File.WriteAllBytes(table, bytes);
        using var damaged = LsmStore.Open(directory);
        var error = Assert.Throws<CorruptionException>(() => damaged.TryGet("key000"u8, out byte[]? _));
        Assert.Equal(table, error.File);
        var problems = damaged.Verify().Problems;
        Assert.NotEmpty(problems);
        Assert.All(problems, problem => Assert.Equal(table, problem.File));
    }

    [Fact]
    public void A_truncated_table_or_manifest_refuses_to_open_with_the_file_and_changes_nothing()
    {
        var directory = _directory.File("db");
        using (var store = LsmStore.Open(directory))
        {
            store.Put("a"u8, "1"u8);
        }

        // The manifest first: a successful open replaces it.
        foreach (var file in Directory.GetFiles(directory, "MANIFEST-*").Concat(Directory.GetFiles(directory, "*.sst")).ToList())
        {
            var bytes = File.ReadAllBytes(file);
            File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
            var error = Assert.Throws<CorruptionException>(() =>
            {
                using var damaged = LsmStore.Open(directory);
                damaged.TryGet("a"u8, out byte[]? _);
            });
            Assert.Equal(file, error.File);
            File.WriteAllBytes(file, bytes);
        }

        using var whole = LsmStore.Open(directory);
        Assert.Equal(["a=1"], Dump(whole));
    }

    [Fact]
    public void Statistics_and_levels_tell_what_happened()
    {
        using var store = LsmStore.Open(_directory.File("db"), new LsmStoreOptions { Background = BackgroundMode.Manual });
        store.Put("a"u8, "12345"u8);
        store.Flush();
        store.TryGet("a"u8, out byte[]? _);
        store.TryGet("absent"u8, out byte[]? _);
        using var snapshot = store.CreateSnapshot();
        var statistics = store.GetStatistics();
        Assert.Equal(1, statistics.EntriesWritten);
        Assert.Equal(6, statistics.BytesWritten);
        Assert.Equal(1, statistics.Flushes);
        Assert.Equal(1, statistics.Tables);
        Assert.Equal(2, statistics.Gets);
        Assert.Equal(1, statistics.OpenSnapshots);
        Assert.Null(statistics.Failure);
        Assert.True(statistics.LogBytesWritten > 6);
        Assert.Equal(1, store.GetLevels()[0].Tables);
    }

    [Fact]
    public void Use_after_dispose_says_so_and_dispose_may_be_called_twice()
    {
        var store = LsmStore.OpenInMemory();
        store.Dispose();
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.Put("a"u8, "b"u8));
        Assert.Throws<ObjectDisposedException>(() => store.TryGet("a"u8, out byte[]? _));
        Assert.Throws<ObjectDisposedException>(() => store.CreateCursor());
        Assert.Throws<ObjectDisposedException>(() => store.BeginTransaction());
    }

    [Fact]
    public void A_hit_allocates_nothing_in_the_memtable_and_in_a_cached_table()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });
        store.Put("key"u8, "value"u8);
        Assert.Equal(0, AllocatedByGets(store));
        store.Flush();
        Assert.Equal(0, AllocatedByGets(store));
    }

    private static long AllocatedByGets(LsmStore store)
    {
        Span<byte> buffer = stackalloc byte[16];
        for (var i = 0; i < 100; i++)
        {
            Assert.True(store.TryGet("key"u8, buffer, out _));
        }

        return Allocations.Least(() =>
        {
            Span<byte> buffer = stackalloc byte[16];
            for (var i = 0; i < 1_000; i++)
            {
                store.TryGet("key"u8, buffer, out _);
            }
        });
    }

    internal static List<string> Dump(LsmStore store)
    {
        using var cursor = store.CreateCursor();
        var entries = new List<string>();
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            entries.Add($"{Encoding.UTF8.GetString(cursor.Key)}={Encoding.UTF8.GetString(cursor.Value)}");
        }

        return entries;
    }

    private static string[] Tables(string directory) => [.. Directory.GetFiles(directory, "*.sst").Select(path => Path.GetFileName(path)!)];

    private static Dictionary<string, string> Contents(string directory) =>
        Directory.GetFiles(directory).Where(path => !path.EndsWith("LOCK", StringComparison.Ordinal)).ToDictionary(path => Path.GetFileName(path)!, path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
