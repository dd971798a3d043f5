using LsmTree.Storage.Commits;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Memtables;
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
        var health = new StoreHealth();
        var counters = new StoreCounters();
        var pressure = new WritePressure(views, health, counters, TimeProvider.System, new EventRelay(null, TimeProvider.System, counters), static _ => new TreeLoad(0, 0, 0));
        var room = new MemtableRoom(views, log: null, health, pressure, new CommitSettings(Durability.Normal, 1 << 20), static () => 1, new WorkSignal(), flushInline: null, stock);
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
}
