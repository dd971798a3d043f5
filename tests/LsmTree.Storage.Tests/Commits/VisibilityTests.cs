using System.Buffers.Binary;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Commits;

/// <summary>What readers may see of writes that happen beside them, and what writers may expect of their own.</summary>
public sealed class VisibilityTests
{
    [Fact]
    public void Of_two_writes_of_a_key_in_one_batch_the_later_one_wins_everywhere()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });
        var batch = new WriteBatch();
        batch.Put("a"u8, "1"u8);
        batch.Put("a"u8, "2"u8);
        batch.Put("b"u8, "1"u8);
        batch.Delete("b"u8);
        batch.Delete("c"u8);
        batch.Put("c"u8, "3"u8);
        batch.Put("d"u8, "4"u8);
        batch.DeleteRange("d"u8, "e"u8);
        batch.DeleteRange("e"u8, "f"u8);
        batch.Put("e"u8, "5"u8);
        store.Write(batch);
        Check();
        store.Flush();
        Check();
        store.Compact();
        Check();

        void Check()
        {
            Assert.True(store.TryGet("a"u8, out byte[]? value));
            Assert.Equal("2"u8, value);
            Assert.False(store.Contains("b"u8));
            Assert.True(store.TryGet("c"u8, out value));
            Assert.Equal("3"u8, value);
            Assert.False(store.Contains("d"u8));
            Assert.True(store.TryGet("e"u8, out value));
            Assert.Equal("5"u8, value);
        }
    }

    [Fact]
    public void What_the_caller_does_to_his_arrays_afterwards_changes_nothing()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });
        var (key, value) = (new byte[] { 1 }, new byte[] { 10 });
        store.Put(key, value);
        var batch = new WriteBatch();
        Change(2, 20);
        batch.Put(key, value);
        Change(3, 30);
        store.Write(batch);
        using var transaction = store.BeginTransaction();
        transaction.Put(key, value);
        Change(4, 40);
        transaction.DeleteRange(key, [9]);
        Change(9, 90);
        transaction.Commit();
        Assert.True(store.TryGet([1], out byte[]? found));
        Assert.Equal([10], found);
        found[0] = 99;
        Assert.True(store.TryGet([1], out found));
        Assert.Equal([10], found);
        Assert.True(store.TryGet([2], out found));
        Assert.Equal([20], found);
        Assert.True(store.TryGet([3], out found));
        Assert.Equal([30], found);
        Assert.False(store.Contains([9]));

        void Change(byte newKey, byte newValue) => (key[0], value[0]) = (newKey, newValue);
    }

    [Fact]
    public void Readers_beside_a_writer_see_each_batch_whole_and_never_an_older_one_than_before()
    {
        const int Batches = 3_000;
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { MemtableBytes = 64 << 10, TableBytes = 64 << 10 });
        WriteBoth(store, 0);
        using var done = new CancellationTokenSource();
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var readers = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            var last = 0;
            while (!done.IsCancellationRequested && failures.IsEmpty)
            {
                last = Read(store, last, failures);
            }
        })).ToList();
        readers.ForEach(static reader => reader.Start());
        for (var i = 1; i <= Batches && failures.IsEmpty; i++)
        {
            WriteBoth(store, i);
        }

        done.Cancel();
        readers.ForEach(static reader => reader.Join());
        Assert.Empty(failures);
        Assert.Equal(Batches, Read(store, 0, failures));
        Assert.True(store.GetStatistics().Flushes > 1, "The memtable never changed: the test is about that.");
    }

    /// <summary>
    /// Between the two reads of who begins to read, everything may happen: here, where he asks the clock. With the number first, the compaction would take
    /// the version that the number promises, and the view would have the one after it only.
    /// </summary>
    [Theory]
    [InlineData("cursor")]
    [InlineData("many gets")]
    public void The_view_is_taken_before_the_number_so_that_a_compaction_between_takes_nothing(string how)
    {
        var clock = new InterruptingClock();
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, Time = clock });
        store.Put("a"u8, "old"u8);
        store.Flush();
        clock.Interrupt(() =>
        {
            store.Put("a"u8, "new"u8);
            store.Compact();
        });
        if (how == "cursor")
        {
            using var cursor = store.CreateCursor();
            Assert.True(cursor.SeekToFirst(), "the key was there all the time");
            Assert.Equal("old"u8, cursor.Value);
        }
        else
        {
            var values = new ValueSet();
            Assert.Equal(1, store.MultiGet([(byte[])[(byte)'a']], values));
            Assert.True(values.TryGetValue(0, out var value));
            Assert.Equal("old"u8, value);
        }

        Assert.True(clock.HasInterrupted);
        Assert.True(store.TryGet("a"u8, out byte[]? now));
        Assert.Equal("new"u8, now);
    }

    [Fact]
    public async Task A_write_that_waits_for_no_fsync_is_not_held_up_by_one_that_does()
    {
        using var files = new HeldSyncFileSystem();
        using var store = LsmStore.OpenOn(files, "/db", null, new LsmStoreOptions { Durability = Durability.Normal });
        files.Hold();
        var full = Task.Factory.StartNew(() => store.Put("full"u8, "1"u8, Durability.Full), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        files.IsWaiting.Wait(TestContext.Current.CancellationToken);
        for (var i = 0; i < 100; i++)
        {
            store.Put(BitConverter.GetBytes(i), "buffered"u8);
        }

        Assert.False(full.IsCompleted);
        Assert.True(store.Contains(BitConverter.GetBytes(99)));
        files.Release();
        await full;
        Assert.True(store.Contains("full"u8));
    }

    [Theory]
    [InlineData(nameof(FileOperation.Create))]
    [InlineData(nameof(FileOperation.SyncDirectory))]
    public async Task A_log_that_must_be_created_for_a_rotation_holds_no_other_writer_up(string operation)
    {
        using var isCreating = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim(true);
        var files = new HeldFileSystem(new LsmTree.Storage.Files.MemoryFileSystem(), (seen, _) =>
        {
            if (seen == Enum.Parse<FileOperation>(operation) && !mayGoOn.IsSet)
            {
                isCreating.Set();
                Background.Await(mayGoOn);
            }
        });
        using var store = LsmStore.OpenOn(files, "/db", null, new LsmStoreOptions { Background = BackgroundMode.Manual, Durability = Durability.Full });
        store.Put("a"u8, "1"u8);
        mayGoOn.Reset();
        var flush = Background.Run(() => store.Flush());
        Background.Await(isCreating);
        var write = Background.Run(() => store.Put("b"u8, "2"u8));
        await write.WaitAsync(Background.Patience);
        Assert.True(store.Contains("b"u8));
        Assert.False(flush.IsCompleted);
        mayGoOn.Set();
        await flush.WaitAsync(Background.Patience);
        Assert.Equal(["a=1", "b=2"], LsmStoreTests.Dump(store));
    }

    [Fact]
    public void A_batch_larger_than_a_memtable_is_recovered_whole()
    {
        var files = new FaultyFileSystem();
        var options = new LsmStoreOptions { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, Durability = Durability.Full, Seed = 1 };
        var store = LsmStore.OpenOn(files, "/db", null, options);
        store.Put("before"u8, new byte[60 << 10]);
        var batch = new WriteBatch();
        for (var i = 0; i < 1_000; i++)
        {
            batch.Put(BitConverter.GetBytes(i), new byte[1_000]);
        }

        store.Write(batch);
        for (var crash = 0; crash < 3; crash++)
        {
            // Each opening may die in turn, and the next one meets what it has left.
            files = files.Crash(CrashProfile.PowerCut);
            using var reopened = LsmStore.OpenOn(files, "/db", null, options);
            using var cursor = reopened.CreateCursor();
            Assert.True(cursor.SeekToFirst());
            Assert.Equal(1_001, cursor.CountRemaining());
            Assert.Equal(1_001, reopened.LastSequence);
        }
    }

    private static void WriteBoth(LsmStore store, int number)
    {
        var value = new byte[100];
        BinaryPrimitives.WriteInt32BigEndian(value, number);
        var batch = new WriteBatch();
        batch.Put("left"u8, value);
        batch.Put("right"u8, value);
        store.Write(batch);
    }

    /// <summary>Reads both keys at one moment, and one of them by itself; gives the number last seen.</summary>
    private static int Read(LsmStore store, int last, System.Collections.Concurrent.ConcurrentQueue<string> failures)
    {
        if (!store.TryGet("left"u8, out byte[]? alone))
        {
            failures.Enqueue($"after {last} nothing was found");
            return last;
        }

        var number = BinaryPrimitives.ReadInt32BigEndian(alone);
        using var cursor = store.CreateCursor();
        var isThere = cursor.Seek("left"u8);
        var left = isThere ? BinaryPrimitives.ReadInt32BigEndian(cursor.Value) : -1;
        var right = isThere && cursor.Next() ? BinaryPrimitives.ReadInt32BigEndian(cursor.Value) : -1;
        if (number < last || left < number || left != right)
        {
            failures.Enqueue($"after {last}: {number}, then {left} and {right} in one cursor");
        }

        return left;
    }

    private sealed class InterruptingClock : TimeProvider
    {
        private Action? _next;

        public bool HasInterrupted { get; private set; }

        public void Interrupt(Action once) => _next = once;

        public override DateTimeOffset GetUtcNow()
        {
            var next = _next;
            _next = null;
            if (next is not null)
            {
                next();
                HasInterrupted = true;
            }

            return DateTimeOffset.UnixEpoch;
        }
    }
}
