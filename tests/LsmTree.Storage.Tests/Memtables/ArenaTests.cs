using LsmTree.Storage.Memory;
using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Tests.Memtables;

public sealed unsafe class ArenaTests
{
    private const int Chunks = 64;

    /// <remarks>
    /// A store whose opening fails late is freed by whoever opened it, and at the same moment, perhaps, by the collector's thread (the views have a
    /// finalizer): chunks that both gave back made the C library end the process with "double free or corruption".
    /// </remarks>
    [Fact]
    public void An_arena_that_two_threads_free_at_once_gives_each_chunk_back_once()
    {
        for (var round = 0; round < 200; round++)
        {
            // A stock that keeps everything, so that a chunk that comes back twice is met here and not in the allocator.
            var stock = new ChunkStock(limitBytes: 4L * Chunks * ChunkStock.ChunkBytes);
            var arena = new Arena(Arena.MaxChunkBytes, stock);
            for (var i = 0; i < Chunks; i++)
            {
                arena.Allocate(Arena.MaxChunkBytes);
            }

            Race(arena.Free);

            var addresses = new HashSet<nint>();
            var taken = stock.Bytes;
            for (var i = 0; i < Chunks; i++)
            {
                Assert.True(addresses.Add(stock.Take(ChunkStock.ChunkBytes).Address), "a chunk was given back twice");
            }

            Assert.Equal(taken, stock.Bytes); // all of them were in the stock
            foreach (var address in addresses)
            {
                stock.Return(new NativeChunk(address, ChunkStock.ChunkBytes));
            }

            stock.Dispose();
            Assert.Equal(0, stock.Bytes);
        }
    }

    private static void Race(Action action)
    {
        using var together = new Barrier(2);
        var other = new Thread(Run);
        other.Start();
        Run();
        other.Join();

        void Run()
        {
            together.SignalAndWait();
            action();
        }
    }
}
