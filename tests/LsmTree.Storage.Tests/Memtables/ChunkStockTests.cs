using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Tests.Memtables;

public sealed class ChunkStockTests
{
    [Fact]
    public void Nothing_is_stocked_until_somebody_asks()
    {
        var stock = new ChunkStock();
        Assert.False(stock.Fill());
        Assert.Null(stock.TryTake());
        Assert.True(stock.Fill());
        Assert.False(stock.Fill());
    }

    [Fact]
    public void Every_chunk_is_given_out_once_and_is_of_full_size()
    {
        var stock = new ChunkStock();
        stock.TryTake();
        var taken = new HashSet<byte[]>(ReferenceEqualityComparer.Instance);
        for (var round = 0; round < 3; round++)
        {
            Assert.True(stock.Fill());
            while (stock.TryTake() is { } chunk)
            {
                Assert.Equal(Arena.MaxChunkBytes, chunk.Length);
                Assert.True(taken.Add(chunk));
            }
        }

        Assert.Equal(12, taken.Count);
    }

    [Fact]
    public unsafe void An_arena_takes_a_full_sized_chunk_from_the_stock_and_any_other_from_the_heap()
    {
        var stock = new ChunkStock();
        var arena = new Arena(firstChunkBytes: Arena.MaxChunkBytes / 2, stock);
        arena.Allocate(8);
        Assert.False(stock.Fill());
        arena.Allocate(Arena.MaxChunkBytes);
        Assert.True(stock.Fill());
        arena.Allocate(Arena.MaxChunkBytes + 8);
        Assert.False(stock.Fill());
        var piece = new Span<byte>(arena.Allocate(Arena.MaxChunkBytes), Arena.MaxChunkBytes);
        piece.Fill(7);
        Assert.True(stock.Fill());
        Assert.False(piece.ContainsAnyExcept((byte)7));
    }

    [Fact]
    public void A_store_that_fills_memtables_with_stocked_chunks_reads_back_what_was_written()
    {
        var options = new LsmStoreOptions { MemtableBytes = 4 << 20, Durability = Durability.Normal };
        using var store = LsmStore.OpenInMemory(options);
        var value = new byte[1000];
        for (var i = 0; i < 20_000; i++)
        {
            value.AsSpan().Fill((byte)i);
            store.Put(BitConverter.GetBytes(i), value);
        }

        for (var i = 0; i < 20_000; i += 7)
        {
            Assert.True(store.TryGet(BitConverter.GetBytes(i), out var found));
            Assert.Equal(1000, found.Length);
            Assert.False(found.AsSpan().ContainsAnyExcept((byte)i), $"key {i}");
        }
    }
}
