using LsmTree.Storage.Commits;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Views;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Tests.Commits;

public sealed class MemtableRoomTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_that_finds_no_memory_after_it_was_logged_stops_writes(bool isBatch)
    {
        using var views = new ViewCell(new Memtable(), Version.Empty, static () => { });
        using var stock = new ChunkStock(limitBytes: 0);
        var room = Room(views, stock);
        var memtable = new Memtable();
        memtable.Free(); // gives no memory any more

        var batch = new WriteBatch();
        batch.Put("b"u8, "2"u8);
        var error = Assert.Throws<StoreFailedException>(() =>
        {
            if (isBatch)
            {
                room.Insert(memtable, batch.Buffer.Written, 1);
            }
            else
            {
                room.Insert(memtable, EntryKind.Put, "b"u8, "2"u8, 1);
            }
        });
        Assert.True(error.OutcomeUnknown);
        var next = Assert.Throws<StoreFailedException>(room.Enter);
        Assert.False(next.OutcomeUnknown);
        Assert.Same(error.InnerException, next.InnerException);
    }

    [Fact]
    public void A_large_batch_that_cannot_be_shown_after_it_was_logged_stops_writes()
    {
        using var stock = new ChunkStock(limitBytes: 0);
        var views = new ViewCell(new Memtable(), Version.Empty, static () => { });
        var room = Room(views, stock);
        using var own = room.CreateOwn();
        views.Dispose(); // takes no view any more
        var error = Assert.Throws<StoreFailedException>(() => room.Replace(own, 0));
        Assert.True(error.OutcomeUnknown);
        Assert.Throws<StoreFailedException>(room.Enter);
    }

    [Fact]
    public async Task A_memtable_whose_last_view_goes_before_its_maker_is_done_is_not_freed_under_a_reader()
    {
        using var hasEntered = new ManualResetEventSlim();
        using var mayLeave = new ManualResetEventSlim();
        using var stock = new ChunkStock(limitBytes: 0);
        using var views = new ViewCell(new Memtable(), Version.Empty, static () => { });
        var room = Room(views, stock);
        var own = room.CreateOwn();
        own.Memtable.Add(EntryKind.Put, "key"u8, "value"u8, 1);
        room.Replace(own, 0);
        var reader = Background.Run(() =>
        {
            using (ReadSection.Enter())
            {
                var found = views.Current.Active;
                hasEntered.Set();
                Background.Await(mayLeave);
                Assert.True(found.TryGet("key"u8, ulong.MaxValue, out _, out var value));
                Assert.Equal("value"u8, value);
            }
        });
        Background.Await(hasEntered);
        var before = stock.Bytes;
        views.Rotate(new Memtable(), 2);
        views.Install(Version.Empty, views.Current.Frozen[0]);
        own.Dispose();
        Assert.Equal(before, stock.Bytes);
        mayLeave.Set();
        await reader;
    }

    [Fact]
    public void A_writer_that_lacked_only_the_next_log_goes_on_when_another_thread_has_made_it_ready()
    {
        using var log = new TestLog(new FaultyFileSystem());
        using var stock = new ChunkStock(limitBytes: 0);
        using var views = new ViewCell(new Memtable(), Version.Empty, static () => { });
        using var stalled = new CancellationTokenSource();
        var room = Room(views, stock, log, new StallListener(stalled.Cancel));
        views.Current.Active.Add(EntryKind.Put, "key"u8, "value"u8, 1);
        Assert.False(room.TryEmptyActive(out var generation));
        Assert.True(log.Log.EnsureSpare()); // the log's own thread, or another writer

        room.Make(generation, stalled.Token); // a stall would never end: nothing of this changes the view

        Assert.True(room.TryEmptyActive(out _));
    }

    private static MemtableRoom Room(ViewCell views, ChunkStock stock, TestLog? log = null, StoreEventListener? listener = null)
    {
        var health = log?.Health ?? new StoreHealth();
        var counters = new StoreCounters();
        var pressure = new WritePressure(views, health, counters, TimeProvider.System, new EventRelay(listener, TimeProvider.System, counters), static _ => new TreeLoad(0, 0, 0));
        return new MemtableRoom(views, log?.Log, health, pressure, new CommitSettings(Durability.Normal, 1 << 20), static () => 1, new WorkSignal(), flushInline: null, stock);
    }

    private sealed class StallListener(Action onStall) : StoreEventListener
    {
        public override void OnStallBegan() => onStall();
    }
}
