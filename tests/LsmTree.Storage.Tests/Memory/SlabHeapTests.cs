using LsmTree.Storage.Memory;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Memory;

public sealed class SlabHeapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Pieces_of_all_sizes_never_overlap_and_all_memory_comes_back(int seed)
    {
        var random = new Random(seed);
        var heap = new SlabHeap(HugePages.Unasked);
        var held = new List<(nint Address, int Bytes, byte Mark)>();
        for (var step = 0; step < 20_000; step++)
        {
            if (step % 5000 < 3000 || held.Count == 0)
            {
                var bytes = random.Next(20) == 0 ? random.Next(1, 200_000) : random.Next(1, 10_000);
                var address = heap.Take(bytes);
                Assert.Equal(0, address % 64);
                Assert.InRange(SlabHeap.RoundUp(bytes), bytes, Math.Max(256 + 64, bytes * 5 / 4 + 4096));
                var mark = (byte)random.Next(256);
                Span(address, bytes).Fill(mark);
                held.Add((address, bytes, mark));
            }
            else
            {
                var at = random.Next(held.Count);
                var (address, bytes, mark) = held[at];
                held[at] = held[^1];
                held.RemoveAt(held.Count - 1);
                Assert.False(Span(address, bytes).ContainsAnyExcept(mark), $"seed {seed}, step {step}: somebody else wrote into a piece of {bytes} bytes");
                heap.Return(address, bytes);
            }

            if (random.Next(2000) == 0)
            {
                heap.TryDrain(out _);
            }
        }

        Assert.InRange(heap.Bytes, held.Sum(static piece => (long)piece.Bytes), long.MaxValue);
        heap.Close();
        foreach (var (address, bytes, mark) in held)
        {
            Assert.False(Span(address, bytes).ContainsAnyExcept(mark));
            heap.Return(address, bytes);
        }

        Assert.Equal(0, heap.Bytes);
        Assert.Equal(0, heap.DrainingBytes);
    }

    [Fact]
    public void Memory_of_one_size_serves_another_once_it_is_empty()
    {
        var heap = new SlabHeap(HugePages.Asked);
        foreach (var bytes in (int[])[300, 4121, 9000, 30_000, 4121])
        {
            var pieces = Enumerable.Range(0, (6 << 20) / bytes).Select(_ => heap.Take(bytes)).ToList();
            Assert.InRange(heap.Bytes, 6 << 20, 10 << 20);
            pieces.ForEach(piece => heap.Return(piece, bytes));
            Assert.Equal(SlabHeap.ArenaBytes, heap.Bytes);
        }

        heap.Close();
        Assert.Equal(0, heap.Bytes);
    }

    [Fact]
    public void An_arena_that_is_drained_goes_with_its_last_piece_and_gives_none_before()
    {
        const int bytes = 4121;
        var heap = new SlabHeap(HugePages.Unasked);
        var pieces = Enumerable.Range(0, 2000).Select(_ => heap.Take(bytes)).ToList();
        Assert.True(heap.TryDrain(out var arena));
        Assert.Equal(SlabHeap.ArenaBytes, heap.DrainingBytes);
        var inside = pieces.Where(IsInside).ToList();
        Assert.NotEmpty(inside);
        foreach (var piece in inside.Skip(1))
        {
            heap.Return(piece, bytes);
        }

        var more = Enumerable.Range(0, 2000).Select(_ => heap.Take(bytes)).ToList();
        Assert.DoesNotContain(more, IsInside);
        var before = heap.Bytes;
        heap.Return(inside[0], bytes);
        Assert.Equal(before - SlabHeap.ArenaBytes, heap.Bytes);
        Assert.Equal(0, heap.DrainingBytes);
        heap.Close();
        foreach (var piece in pieces.Except(inside).Concat(more))
        {
            heap.Return(piece, bytes);
        }

        Assert.Equal(0, heap.Bytes);

        bool IsInside(nint piece) => piece >= arena && piece < arena + SlabHeap.ArenaBytes;
    }

    [Fact]
    public async Task Threads_take_and_return_what_others_took()
    {
        var heap = new SlabHeap(HugePages.Unasked);
        var exchange = new System.Collections.Concurrent.ConcurrentQueue<(nint Address, int Bytes)>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Background.Run(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 20_000; i++)
            {
                var bytes = random.Next(8, 6000);
                var piece = heap.Take(bytes);
                Span(piece, bytes).Fill((byte)bytes);
                exchange.Enqueue((piece, bytes));
                if (exchange.Count > 200 && exchange.TryDequeue(out var other))
                {
                    Assert.False(Span(other.Address, other.Bytes).ContainsAnyExcept((byte)other.Bytes));
                    heap.Return(other.Address, other.Bytes);
                }
            }
        })));
        heap.Close();
        while (exchange.TryDequeue(out var left))
        {
            heap.Return(left.Address, left.Bytes);
        }

        Assert.Equal(0, heap.Bytes);
    }

    private static unsafe Span<byte> Span(nint address, int bytes) => new((void*)address, bytes);
}
