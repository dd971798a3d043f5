using System.Text;
using LsmTree.Storage.Tests.Backups;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests;

/// <summary>Loading sorted entries straight into tables: who sees them when, what a crash leaves, and where they go.</summary>
public sealed class BulkLoadTests
{
    private const string Store = "/db";

    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, TableBytes = 64 << 10, Seed = 1 };

    [Fact]
    public void A_load_becomes_visible_as_a_whole_and_only_to_those_who_look_afterwards()
    {
        using var store = LsmStore.OpenOn(new FaultyFileSystem(), Store, null, s_options);
        StoreContents.Put(store, 0, 60, "old");
        store.Flush();
        StoreContents.Put(store, 30, 50, "newer");
        var expected = StoreContents.Of(store);
        using var load = store.BeginBulkLoad();
        Load(load, 20, 80, "loaded");
        Assert.Equal(60, load.Count);
        Assert.Equal(expected, StoreContents.Of(store));
        StoreContents.Put(store, 40, 45, "newest, and still older");
        store.DeleteRange("k0070"u8, "k0090"u8);
        expected = StoreContents.Of(store);

        using var snapshot = store.CreateSnapshot();
        using var cursor = store.CreateCursor();
        using var transaction = store.BeginTransaction();
        load.Complete();

        Assert.Equal([.. Lines(0, 20, "old"), .. Lines(20, 80, "loaded")], StoreContents.Of(store));
        Assert.True(store.LastSequence > snapshot.Sequence);
        Assert.False(store.TryGet("k0070"u8, out byte[]? _, snapshot));
        Assert.True(store.TryGet("k0042"u8, out var value, snapshot));
        Assert.Equal("newest, and still older", Encoding.UTF8.GetString(value));
        Assert.False(transaction.TryGet("k0070"u8, out byte[]? _));
        Assert.Equal(expected, Lines(cursor));

        store.Delete("k0020"u8);
        StoreContents.Put(store, 21, 22, "after");
        store.Compact();
        Assert.Equal([.. Lines(0, 20, "old"), .. Lines(21, 22, "after"), .. Lines(22, 80, "loaded")], StoreContents.Of(store));
        Assert.Equal(expected, Lines(store.CreateCursor(new CursorOptions { Snapshot = snapshot })));
        Assert.True(store.Verify().IsSound);
    }

    [Fact]
    public void Keys_must_ascend_and_the_message_names_both()
    {
        using var store = LsmStore.OpenOn(new FaultyFileSystem(), Store, null, s_options);
        using var load = store.BeginBulkLoad();
        load.Add([], "the empty key is the first"u8);
        load.Add("melon"u8, "1"u8);
        var error = Assert.Throws<ArgumentException>(() => load.Add("apple"u8, "2"u8));
        Assert.Contains("'apple' does not come after 'melon'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'melon' does not come after 'melon'", Assert.Throws<ArgumentException>(() => load.Add("melon"u8, "2"u8)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => load.Add(new byte[(64 << 10) + 1], []));
        load.Add("melons"u8, "3"u8);
        load.Complete();
        Assert.Equal(["=the empty key is the first", "melon=1", "melons=3"], StoreContents.Of(store));
        Assert.Throws<InvalidOperationException>(() => load.Add("zebra"u8, "4"u8));
        Assert.Throws<InvalidOperationException>(load.Complete);
    }

    [Fact]
    public void A_load_that_is_given_up_leaves_no_file_and_no_trace()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, Store, null, s_options);
        StoreContents.Put(store, 0, 10, "value");
        var names = Tables(files);
        var sequence = store.LastSequence;
        using (var load = store.BeginBulkLoad())
        {
            Load(load, 0, 4000, new string('x', 100));
            Assert.True(Tables(files).Count > names.Count + 3);
            while (store.RunBackgroundStep())
            {
                // The sweep must leave the files of the load alone.
            }

            Assert.True(Tables(files).Count > names.Count + 3);
        }

        Assert.Equal(names, Tables(files));
        using (store.BeginBulkLoad())
        {
            // Nothing added, nothing done.
        }

        using (var empty = store.BeginBulkLoad())
        {
            empty.Complete();
        }

        Assert.Equal(sequence, store.LastSequence);
        Assert.Equal(Lines(0, 10, "value"), StoreContents.Of(store));
        var abandoned = store.BeginBulkLoad();
        Load(abandoned, 0, 4000, new string('x', 100));
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(abandoned.Complete);
        abandoned.Dispose();
        Assert.Equal(Lines(0, 10, "value"), StoreContents.Of(files, Store));
        Assert.DoesNotContain(files.OpenHandles, static handle => handle.EndsWith(".sst", StringComparison.Ordinal));
    }

    [Fact]
    public void A_transaction_that_wrote_a_loaded_key_conflicts_and_an_insert_of_one_is_refused()
    {
        using var store = LsmStore.OpenOn(new FaultyFileSystem(), Store, null, s_options);
        using var inside = store.BeginTransaction();
        using var reader = store.BeginTransaction(TransactionIsolation.Serializable);
        using var outside = store.BeginTransaction();
        inside.Put("k0005"u8, "mine"u8);
        Assert.False(reader.TryGet("k0006"u8, out byte[]? _));
        reader.Put("other"u8, "mine"u8);
        outside.Put("k0010"u8, "mine"u8);
        using (var load = store.BeginBulkLoad())
        {
            Load(load, 0, 10, "loaded");
            load.Complete();
        }

        Assert.Throws<ConflictException>(() => inside.Commit());
        Assert.Throws<ConflictException>(() => reader.Commit());
        outside.Commit();
        Assert.False(store.TryInsert("k0005"u8, "mine"u8));
        Assert.True(store.TryInsert("k0011"u8, "mine"u8));
        Assert.Equal([.. Lines(0, 10, "loaded"), .. Lines(10, 12, "mine")], StoreContents.Of(store));
    }

    [Fact]
    public void A_load_goes_as_deep_as_what_shares_its_range_allows()
    {
        using var store = LsmStore.OpenOn(new FaultyFileSystem(), Store, null, s_options);
        Assert.Equal("6", LevelsOf(store, 1000, 2000, "first"));
        Assert.Equal("6", LevelsOf(store, 2000, 2100, "beside"));
        var large = new string('x', 1000);
        Assert.Equal("5", LevelsOf(store, 1100, 1300, large));
        Assert.Equal("5", LevelsOf(store, 1800, 1810, "beside the large one"));
        Assert.Equal("0", LevelsOf(store, 1150, 1160, "over it, and too small for a level"));
        Assert.Equal("0 4 5", LevelsOf(store, 1155, 1400, large));
        string[] expected =
        [
            .. Lines(1000, 1100, "first"), .. Lines(1100, 1150, large), .. Lines(1150, 1155, "over it, and too small for a level"), .. Lines(1155, 1400, large),
            .. Lines(1400, 1800, "first"), .. Lines(1800, 1810, "beside the large one"), .. Lines(1810, 2000, "first"), .. Lines(2000, 2100, "beside"),
        ];
        Assert.Equal(expected, StoreContents.Of(store));
        store.Compact();
        Assert.Equal(expected, StoreContents.Of(store));
    }

    [Fact]
    public void Of_two_loads_the_one_completed_last_is_the_newer_whichever_began_first()
    {
        var files = new FaultyFileSystem();
        using (var store = LsmStore.OpenOn(files, Store, null, s_options))
        {
            using var first = store.BeginBulkLoad();
            using var second = store.BeginBulkLoad();
            Load(first, 0, 3000, "first" + new string('1', 60));
            Load(second, 10, 20, "second");
            second.Complete();
            using var between = store.CreateSnapshot();
            first.Complete();
            Assert.Equal(Lines(0, 3000, "first" + new string('1', 60)), StoreContents.Of(store));
            Assert.Equal(Lines(10, 20, "second"), Lines(store.CreateCursor(new CursorOptions { Snapshot = between })));
        }

        Assert.Equal(Lines(0, 3000, "first" + new string('1', 60)), StoreContents.Of(files, Store));
    }

    [Theory]
    [InlineData(Durability.Full)]
    [InlineData(Durability.Normal)]
    [InlineData(Durability.Off)]
    public void A_crash_at_any_operation_leaves_all_of_a_load_or_nothing(Durability durability)
    {
        var options = s_options with { Durability = durability };
        var whole = Run(long.MaxValue, options, out var begin, out _);
        var (all, none) = (0, 0);
        for (var k = begin; k <= whole.Operations; k++)
        {
            var cut = Run(k, options, out _, out var isComplete);
            foreach (var profile in new[] { CrashProfile.ProcessDeath, CrashProfile.PowerCut, CrashProfile.TornAfter(k * 7 % 97), CrashProfile.RandomSectors((int)k) })
            {
                var where = $"operation {k}, {profile}, {durability}";
                var files = cut.Crash(profile);
                var found = StoreContents.Of(files, Store);
                var loaded = found.Count(static line => line.EndsWith("=loaded", StringComparison.Ordinal));
                Assert.True(loaded is 0 or 800, $"{where}: {loaded} entries of the load");
                Assert.True(loaded > 0 || !isComplete, $"{where}: the load was complete, and is gone");
                (all, none) = loaded > 0 ? (all + 1, none) : (all, none + 1);
                Assert.True(found.Where(static line => !line.EndsWith("=loaded", StringComparison.Ordinal)).All(static line => line.EndsWith("=old", StringComparison.Ordinal) || line.EndsWith("=memory", StringComparison.Ordinal) || line.EndsWith("=after", StringComparison.Ordinal)), where);
                if (loaded > 0)
                {
                    Assert.True(found.Contains("k0030=loaded") && found.Contains("k0010=old"), $"{where}: {string.Join(' ', found.Take(50))}");
                }

                // What is left of a load that did not come to its end goes when the store is opened and looked after.
                Assert.True(Tables(files).Count <= 8, $"{where}: {string.Join(' ', Tables(files))}");
            }
        }

        Assert.True(all > 4 && none > 4, $"{all} times all of it, {none} times nothing");
    }

    [Fact]
    public void Every_history_with_loads_is_that_of_a_dictionary()
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            RunHistory(seed);
        }
    }

    [Fact]
    public void Writers_beside_a_load_lose_nothing_and_overwrite_nothing_that_came_later()
    {
        const int Rounds = 12;
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { MemtableBytes = 64 << 10, TableBytes = 64 << 10 });
        using var together = new Barrier(3);
        var threads = Enumerable.Range(0, 2).Select(index => new Thread(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                together.SignalAndWait();
                for (var i = index; i < 200; i += 2)
                {
                    store.TryInsert(Key(round * 200 + i), "inserted"u8);
                    store.Put(Encoding.UTF8.GetBytes($"own {round * 200 + i:D4}"), "put"u8);
                }
            }
        })).ToList();
        threads.ForEach(static thread => thread.Start());
        for (var round = 0; round < Rounds; round++)
        {
            using var load = store.BeginBulkLoad();
            Load(load, round * 200, (round + 1) * 200, "loaded");
            together.SignalAndWait();
            load.Complete();
        }

        threads.ForEach(static thread => thread.Join());

        // An insert from before the load was overwritten by it, one from after it was refused.
        string[] expected = [.. Lines(0, Rounds * 200, "loaded"), .. Enumerable.Range(0, Rounds * 200).Select(static i => $"own {i:D4}=put")];
        Assert.Equal(expected, StoreContents.Of(store));
        Assert.True(store.Verify().IsSound);
    }

    private static void RunHistory(int seed)
    {
        var die = new Random(seed);
        var files = new FaultyFileSystem();
        var options = s_options with { Durability = (Durability)die.Next(3) };
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var store = LsmStore.OpenOn(files, Store, null, options);
        Snapshot? snapshot = null;
        List<string> seen = [];
        for (var step = 0; step < 120; step++)
        {
            var (low, value) = (die.Next(100), $"{seed}.{step}");
            switch (die.Next(10))
            {
                case 0 or 1:
                    var keys = Enumerable.Range(low, die.Next(1, 40)).Where(_ => die.Next(3) > 0).ToList();
                    using (var load = store.BeginBulkLoad())
                    {
                        keys.ForEach(key => load.Add(Key(key), Encoding.UTF8.GetBytes(value)));
                        if (die.Next(4) > 0)
                        {
                            load.Complete();
                            keys.ForEach(key => model[$"k{key:D4}"] = value);
                        }
                    }

                    break;
                case 2:
                    store.Delete(Key(low));
                    model.Remove($"k{low:D4}");
                    break;
                case 3:
                    var high = low + die.Next(30);
                    store.DeleteRange(Key(low), Key(high));
                    Enumerable.Range(low, high - low).ToList().ForEach(key => model.Remove($"k{key:D4}"));
                    break;
                case 4:
                    store.Flush();
                    break;
                case 5 when die.Next(3) == 0:
                    store.Compact();
                    break;
                case 6 when die.Next(3) == 0:
                    snapshot?.Dispose();
                    snapshot = null;
                    store.Dispose();
                    store = LsmStore.OpenOn(files, Store, null, options);
                    break;
                case 7 when snapshot is null || die.Next(3) == 0:
                    snapshot?.Dispose();
                    snapshot = store.CreateSnapshot();
                    seen = [.. StoreContents.Of(store)];
                    break;
                case 8:
                    store.RunBackgroundStep();
                    break;
                default:
                    store.Put(Key(low), Encoding.UTF8.GetBytes(value));
                    model[$"k{low:D4}"] = value;
                    break;
            }

            Assert.True(model.Select(static pair => $"{pair.Key}={pair.Value}").SequenceEqual(StoreContents.Of(store)), $"seed {seed}, step {step}");
            Assert.True(snapshot is null || seen.SequenceEqual(Lines(store.CreateCursor(new CursorOptions { Snapshot = snapshot }))), $"seed {seed}, step {step}, snapshot");
        }

        snapshot?.Dispose();
        Assert.True(store.Verify().IsSound, $"seed {seed}");
        store.Dispose();
    }

    private static FaultyFileSystem Run(long operation, LsmStoreOptions options, out long begin, out bool isComplete)
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, Store, null, options);
        StoreContents.Put(store, 0, 20, "old");
        store.Flush();
        StoreContents.Put(store, 10, 40, "memory");
        StoreContents.Put(store, 10, 11, "old");
        begin = files.Operations;
        isComplete = false;
        files.StopAt(operation);
        try
        {
            var load = store.BeginBulkLoad();
            for (var i = 30; i < 830; i++)
            {
                load.Add(Encoding.UTF8.GetBytes($"k{i:D4}{new string('.', i == 30 ? 0 : 150)}"), "loaded"u8);
            }

            load.Complete();
            isComplete = true;
            load.Dispose();
            StoreContents.Put(store, 5, 8, "after");
            store.Flush();
            StoreContents.Put(store, 8, 9, "after");
        }
        catch (Exception error) when (error is IOException or StoreException)
        {
            // The power is gone.
        }

        return files;
    }

    private static string LevelsOf(LsmStore store, int from, int to, string value)
    {
        var before = store.GetLevels();
        using var load = store.BeginBulkLoad();
        Load(load, from, to, value);
        load.Complete();
        return string.Join(' ', store.GetLevels().Where(level => level.Tables > before.Where(old => old.Level == level.Level).Sum(static old => old.Tables)).Select(static level => level.Level));
    }

    private static void Load(BulkLoad load, int from, int to, string value)
    {
        for (var i = from; i < to; i++)
        {
            load.Add(Key(i), Encoding.UTF8.GetBytes(value));
        }
    }

    private static byte[] Key(int number) => Encoding.UTF8.GetBytes($"k{number:D4}");

    private static IEnumerable<string> Lines(int from, int to, string value) => Enumerable.Range(from, to - from).Select(i => $"k{i:D4}={value}");

    private static List<string> Lines(StoreCursor cursor)
    {
        var lines = new List<string>();
        using (cursor)
        {
            for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
            {
                lines.Add($"{Encoding.UTF8.GetString(cursor.Key)}={Encoding.UTF8.GetString(cursor.Value)}");
            }
        }

        return lines;
    }

    private static List<string> Tables(FaultyFileSystem files) => [.. files.List(Store).Where(static name => name.EndsWith(".sst", StringComparison.Ordinal))];
}
