using LsmTree.Storage.Memory;
using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Tests.Memory;

public sealed class ChunkStockTests
{
    private const long NoLimit = long.MaxValue / 2;

    [Fact]
    public void Nothing_is_stocked_until_somebody_asks()
    {
        using var stock = new ChunkStock(NoLimit);
        Assert.False(stock.Fill());
        Assert.Equal(0, stock.Bytes);
        var chunk = stock.Take(ChunkStock.ChunkBytes);
        Assert.True(stock.Fill());
        Assert.False(stock.Fill());
        Assert.Equal(3 * ChunkStock.ChunkBytes, stock.Bytes);
        stock.Return(chunk);
    }

    [Fact]
    public void A_chunk_in_use_is_given_to_nobody_else()
    {
        using var stock = new ChunkStock(NoLimit);
        var taken = new HashSet<nint>();
        for (var round = 0; round < 12; round++)
        {
            var chunk = stock.Take(ChunkStock.ChunkBytes);
            Assert.Equal(ChunkStock.ChunkBytes, chunk.Bytes);
            Assert.True(taken.Add(chunk.Address));
            stock.Fill();
        }

        foreach (var address in taken)
        {
            stock.Return(new NativeChunk(address, ChunkStock.ChunkBytes));
        }
    }

    [Fact]
    public void What_comes_back_is_kept_within_the_limit_and_used_again()
    {
        using var stock = new ChunkStock(limitBytes: 3 * ChunkStock.ChunkBytes);
        var chunks = Enumerable.Range(0, 5).Select(_ => stock.Take(ChunkStock.ChunkBytes)).ToArray();
        Assert.Equal(5 * ChunkStock.ChunkBytes, stock.Bytes);
        Array.ForEach(chunks, stock.Return);
        Assert.Equal(3 * ChunkStock.ChunkBytes, stock.Bytes);
        Assert.Contains(stock.Take(ChunkStock.ChunkBytes), chunks);
        Assert.Equal(3 * ChunkStock.ChunkBytes, stock.Bytes);
        stock.Dispose();
        Assert.Equal(ChunkStock.ChunkBytes, stock.Bytes); // the one in use
        stock.Return(chunks[^1]);
        Assert.Equal(0, stock.Bytes);
    }

    [Fact]
    public void What_nobody_has_needed_for_a_while_goes_back_to_the_system()
    {
        using var stock = new ChunkStock(NoLimit);
        var chunks = Enumerable.Range(0, 8).Select(_ => stock.Take(ChunkStock.ChunkBytes)).ToArray();
        Array.ForEach(chunks, stock.Return);
        stock.Trim();
        Assert.Equal(8 * ChunkStock.ChunkBytes, stock.Bytes); // all were in use since the last time
        var busy = new[] { stock.Take(ChunkStock.ChunkBytes), stock.Take(ChunkStock.ChunkBytes) };
        Array.ForEach(busy, stock.Return);
        stock.Trim();
        Assert.Equal(2 * ChunkStock.ChunkBytes, stock.Bytes);
        stock.Trim();
        Assert.Equal(0, stock.Bytes);
        Assert.False(stock.Fill()); // a store that is not written to any more
    }

    [Fact]
    public void Pieces_of_any_size_are_counted_and_given_back()
    {
        using var stock = new ChunkStock(NoLimit);
        foreach (var bytes in new[] { 1, 2 << 10, ChunkStock.ChunkBytes - 1, ChunkStock.ChunkBytes + 1, 5 << 20 })
        {
            var chunk = stock.Take(bytes);
            Assert.Equal(bytes, stock.Bytes);
            stock.Return(chunk);
            Assert.Equal(0, stock.Bytes);
        }
    }

    [Fact]
    public unsafe void An_arena_gives_everything_back_and_refuses_to_go_on()
    {
        using var stock = new ChunkStock(limitBytes: 0);
        var arena = new Arena(firstChunkBytes: 64, stock);
        for (var bytes = 1; bytes < 3 << 20; bytes *= 3)
        {
            new Span<byte>(arena.Allocate(bytes), bytes).Fill(7);
        }

        Assert.InRange(stock.Bytes, arena.UsedBytes, long.MaxValue);
        arena.Reset(keptBytes: 64 << 10);
        Assert.InRange(stock.Bytes, 1, 64 << 10);
        new Span<byte>(arena.Allocate(100_000), 100_000).Fill(7);
        arena.Free();
        arena.Free();
        Assert.Equal(0, stock.Bytes);
        Assert.Throws<InvalidOperationException>(() => _ = arena.Allocate(8) == null);
    }

    [Fact]
    public void A_store_that_fills_memtables_with_used_chunks_reads_back_what_was_written()
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
