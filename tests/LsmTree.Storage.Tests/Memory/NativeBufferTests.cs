using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Memory;

[Collection(AloneCollection.Name)]
public sealed class NativeBufferTests
{
    [Fact]
    public void A_buffer_that_nobody_else_has_seen_goes_at_once()
    {
        var buffer = NativeBuffer.Allocate(1000);
        using (ReadSection.Enter())
        {
            buffer.Discard();
            Assert.Equal(0, buffer.Address);
        }

        buffer.Discard();
        buffer.Dispose();
        Assert.True(buffer.IsClosed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    public async Task A_buffer_that_is_closed_stays_until_the_last_section_that_may_read_it_ends(int bytes)
    {
        var buffer = NativeBuffer.Allocate(bytes);
        Assert.Equal(0, buffer.Address % 64);
        Span(buffer.Address, bytes).Fill(7);
        using var isClosed = new ManualResetEventSlim();
        using var hasEntered = new ManualResetEventSlim();
        using var mayLeave = new ManualResetEventSlim();
        var reader = Background.Run(() =>
        {
            using (ReadSection.Enter())
            {
                Assert.False(buffer.IsClosed);
                var address = buffer.Address;
                hasEntered.Set();
                Background.Await(isClosed);
                Assert.True(buffer.IsClosed);
                Assert.Equal(address, buffer.Address);
                Assert.False(Span(address, bytes).ContainsAnyExcept((byte)7));
                Background.Await(mayLeave);
            }
        });
        Background.Await(hasEntered);
        buffer.Dispose();
        buffer.Dispose();
        isClosed.Set();
        Assert.NotEqual(0, buffer.Address);
        mayLeave.Set();
        await reader;
        Soon(() => buffer.Address == 0);
    }

    [Fact]
    public async Task A_filter_that_is_closed_answers_to_the_end_of_the_section()
    {
        // Large enough that the memory is unmapped as soon as it is given back: a look at it would end the process.
        var contents = new byte[100_000 * BloomFilter.LineBytes + BloomFilter.FooterBytes];
        contents.AsSpan(..^BloomFilter.FooterBytes).Fill(0xFF);
        BinaryPrimitives.WriteInt32LittleEndian(contents.AsSpan(contents.Length - BloomFilter.FooterBytes), (contents.Length - BloomFilter.FooterBytes) / BloomFilter.LineBytes);
        contents[^1] = 6;
        Assert.True(BloomFilter.TryRead(contents, out var filter));
        using var hasEntered = new ManualResetEventSlim();
        using var isClosed = new ManualResetEventSlim();
        var reader = Background.Run(() =>
        {
            using var reading = ReadSection.Enter();
            hasEntered.Set();
            Background.Await(isClosed);
            for (ulong hash = 1; hash < 10_000; hash++)
            {
                Assert.True(filter!.MayContain(hash * 0x9E3779B97F4A7C15));
            }
        });
        Background.Await(hasEntered);
        filter!.Close();
        isClosed.Set();
        await reader;
    }

    [Fact]
    public void Buffers_that_were_dropped_come_back()
    {
        var before = Environment.WorkingSet;
        for (var round = 0; round < 8; round++)
        {
            Drop(32);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // 8 times 64 MiB were touched.
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 192L << 20);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Span(NativeBuffer.Allocate(2 << 20).Address, 2 << 20).Fill(1);
        }
    }

    private static void Soon(Func<bool> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < Background.Patience, "The memory did not come back.");
            Thread.Sleep(1);
        }
    }

    private static unsafe Span<byte> Span(nint address, int bytes) => new((void*)address, bytes);
}
