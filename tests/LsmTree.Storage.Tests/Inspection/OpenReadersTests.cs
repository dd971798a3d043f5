using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Inspection;

/// <summary>What is told of those who hold a moment of the store.</summary>
public sealed class OpenReadersTests
{
    private readonly SteppedClock _clock = new();

    [Fact]
    public void Cursors_count_as_snapshots_and_transactions_do_and_the_oldest_of_all_has_the_age()
    {
        using var store = Open(keepStacks: false);
        Assert.Equal((0, TimeSpan.Zero), Told(store));
        var cursor = store.CreateCursor();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((1, TimeSpan.FromSeconds(10)), Told(store));
        var snapshot = store.CreateSnapshot();
        _clock.Advance(TimeSpan.FromSeconds(5));
        var transaction = store.BeginTransaction();
        transaction.Put("b"u8, "2"u8);
        var within = transaction.CreateCursor();
        var ofSnapshot = store.CreateCursor(new CursorOptions { Snapshot = snapshot });
        Assert.Equal((5, TimeSpan.FromSeconds(15)), Told(store));
        cursor.Dispose();
        cursor.Dispose();
        Assert.Equal((4, TimeSpan.FromSeconds(5)), Told(store));
        snapshot.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((3, TimeSpan.FromSeconds(1)), Told(store));
        within.Dispose();
        transaction.Dispose();
        Assert.Equal((1, TimeSpan.FromSeconds(1)), Told(store));
        ofSnapshot.Dispose();
        Assert.Equal((0, TimeSpan.Zero), Told(store));
    }

    [Fact]
    public void The_list_names_each_the_oldest_first_and_has_stacks_only_when_asked()
    {
        foreach (var keepStacks in new[] { false, true })
        {
            using var store = Open(keepStacks);
            using var snapshot = store.CreateSnapshot();
            store.Put("b"u8, "2"u8);
            _clock.Advance(TimeSpan.FromSeconds(1));
            using var cursor = store.CreateCursor();
            _clock.Advance(TimeSpan.FromSeconds(1));
            using var transaction = store.BeginTransaction();
            var readers = store.Inspect().GetOpenReaders();
            Assert.Equal([ReaderKind.Snapshot, ReaderKind.Cursor, ReaderKind.Transaction], readers.Select(static reader => reader.Kind));
            Assert.Equal([1L, 2L, 2L], readers.Select(static reader => reader.Sequence));
            Assert.Equal([2.0, 1.0, 0.0], readers.Select(static reader => reader.Age.TotalSeconds));
            Assert.All(readers, reader => Assert.Equal(keepStacks, reader.CreationStack?.Contains(nameof(OpenReadersTests), StringComparison.Ordinal) ?? false));
            Assert.All(readers, reader => Assert.Equal(keepStacks, reader.CreationStack is not null));
        }
    }

    [Fact]
    public void The_age_goes_on_while_a_cursor_holds_replaced_tables_and_their_bytes_are_told()
    {
        using var store = Open(keepStacks: false);
        store.Flush();
        using (var cursor = store.CreateCursor())
        {
            store.Put("a"u8, "2"u8);
            store.Compact();
            _clock.Advance(TimeSpan.FromMinutes(3));
            var statistics = store.GetStatistics();
            Assert.Equal((1, TimeSpan.FromMinutes(3)), (statistics.OpenSnapshots, statistics.OldestSnapshotAge));
            Assert.True(statistics.PinnedTableBytes > 0);
        }

        while (store.RunBackgroundStep())
        {
            // The sweep is a step.
        }

        Assert.Equal((0, 0L), (store.GetStatistics().OpenSnapshots, store.GetStatistics().PinnedTableBytes));
    }

    [Fact]
    public async Task Cursors_opened_and_closed_on_many_threads_are_all_counted_and_all_forgotten()
    {
        using var store = Open(keepStacks: false);
        var kept = new StoreCursor[8];
        var ready = new CountdownEvent(kept.Length);
        var threads = Enumerable.Range(0, kept.Length).Select(number => Background.Run(() =>
        {
            ready.Signal();
            ready.Wait(Background.Patience);
            for (var i = 0; i < 2_000; i++)
            {
                using var one = store.CreateCursor();
                using var other = store.CreateCursor();
            }

            kept[number] = store.CreateCursor();
        })).ToArray();
        foreach (var thread in threads)
        {
            await thread.WaitAsync(Background.Patience);
        }

        Assert.Equal(kept.Length, store.GetStatistics().OpenSnapshots);
        Assert.Equal(kept.Length, store.Inspect().GetOpenReaders().Count);
        Assert.All(kept, static cursor => cursor.Dispose()); // on another thread than the one that created it
        Assert.Equal(0, store.GetStatistics().OpenSnapshots);
        Assert.Empty(store.Inspect().GetOpenReaders());
    }

    private static (int Count, TimeSpan Age) Told(LsmStore store)
    {
        var statistics = store.GetStatistics();
        return (statistics.OpenSnapshots, statistics.OldestSnapshotAge);
    }

    private LsmStore Open(bool keepStacks)
    {
        var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, Time = _clock, KeepCreationStacks = keepStacks });
        store.Put("a"u8, "1"u8);
        return store;
    }

    private sealed class SteppedClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _ticks);

        public void Advance(TimeSpan step) => Interlocked.Add(ref _ticks, step.Ticks);
    }
}
