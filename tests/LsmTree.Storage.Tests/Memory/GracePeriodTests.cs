using System.Buffers;
using System.Diagnostics;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Memory;

/// <summary>Threads of tests that are over may still be reading, and whoever reads holds everything up: so "at once" is "soon" here.</summary>
[Collection(AloneCollection.Name)]
public sealed class GracePeriodTests
{
    [Fact]
    public async Task Nothing_is_released_while_somebody_reads_who_may_have_found_it()
    {
        using var hasEntered = new ManualResetEventSlim();
        using var mayLeave = new ManualResetEventSlim();
        var isReleased = false;
        var reader = Background.Run(() =>
        {
            using (ReadSection.Enter())
            {
                using (ReadSection.Enter())
                {
                    hasEntered.Set();
                }

                Background.Await(mayLeave);
                Assert.False(Volatile.Read(ref isReleased));
            }
        });
        Background.Await(hasEntered);
        GracePeriod.Await(() => Volatile.Write(ref isReleased, true));
        for (var others = 0; others < 1000; others++)
        {
            // Those who come later, and leave, are not the one who is waited for.
            using (ReadSection.Enter())
            {
                Assert.NotEqual(0, GracePeriod.WaitingCount);
            }
        }

        Assert.False(Volatile.Read(ref isReleased));
        mayLeave.Set();
        await reader;
        Soon(() => Volatile.Read(ref isReleased));
    }

    [Fact]
    public void What_a_thread_gathers_is_released_at_the_end_of_the_outermost_gathering()
    {
        var released = 0;
        using (GracePeriod.Gather())
        {
            using (GracePeriod.Gather())
            {
                GracePeriod.Await(() => Interlocked.Increment(ref released));
            }

            GracePeriod.Await(() => Interlocked.Increment(ref released));
            Assert.Equal(0, Volatile.Read(ref released));
        }

        Soon(() => Volatile.Read(ref released) == 2);
        GracePeriod.Await(() => Interlocked.Increment(ref released));
        Soon(() => Volatile.Read(ref released) == 3);
    }

    [Fact]
    public async Task What_was_gathered_waits_for_who_is_reading_at_the_end_of_the_gathering()
    {
        using var hasEntered = new ManualResetEventSlim();
        using var mayLeave = new ManualResetEventSlim();
        var released = 0;
        Task reader;
        using (GracePeriod.Gather())
        {
            GracePeriod.Await(() => Interlocked.Increment(ref released));
            reader = Background.Run(() =>
            {
                using (ReadSection.Enter())
                {
                    hasEntered.Set();
                    Background.Await(mayLeave);
                    Assert.Equal(0, Volatile.Read(ref released));
                }
            });
            Background.Await(hasEntered);
        }

        Assert.Equal(0, Volatile.Read(ref released));
        mayLeave.Set();
        await reader;
        Soon(() => Volatile.Read(ref released) == 1);
    }

    [Fact]
    public void A_reader_may_retire_what_it_reads_itself()
    {
        var isReleased = false;
        using (ReadSection.Enter())
        {
            using (ReadSection.Enter())
            {
                GracePeriod.Await(() => Volatile.Write(ref isReleased, true));
            }

            Assert.False(Volatile.Read(ref isReleased));
        }

        Soon(() => Volatile.Read(ref isReleased));
    }

    [Fact]
    public async Task A_reader_that_leaves_and_comes_again_holds_nothing_up()
    {
        using var hasEntered = new ManualResetEventSlim();
        using var mayEnterAgain = new ManualResetEventSlim();
        using var hasEnteredAgain = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var isReleased = false;
        var reader = Background.Run(() =>
        {
            using (ReadSection.Enter())
            {
                hasEntered.Set();
                Background.Await(mayEnterAgain);
            }

            using (ReadSection.Enter())
            {
                hasEnteredAgain.Set();
                Background.Await(mayEnd);
            }
        });
        Background.Await(hasEntered);
        GracePeriod.Await(() => Volatile.Write(ref isReleased, true));
        mayEnterAgain.Set();
        Background.Await(hasEnteredAgain);
        Soon(() => Volatile.Read(ref isReleased));
        mayEnd.Set();
        await reader;
    }

    [Fact]
    public async Task Of_many_readers_and_many_retirements_none_meets_what_was_released()
    {
        // A cell that always leads to a live box; a box that was released says so.
        var current = new Box();
        var isOver = false;
        var awaited = 0;
        var readers = Enumerable.Range(0, 4).Select(_ => Background.Run(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                using (ReadSection.Enter())
                {
                    var box = Volatile.Read(ref current);
                    for (var look = 0; look < 20; look++)
                    {
                        Assert.False(Volatile.Read(ref box.IsReleased));
                    }
                }
            }
        })).ToArray();
        for (var round = 0; round < 5000; round++)
        {
            var old = current;
            Volatile.Write(ref current, new Box());
            Interlocked.Increment(ref awaited);
            GracePeriod.Await(() =>
            {
                Volatile.Write(ref old.IsReleased, true);
                Interlocked.Decrement(ref awaited);
            });
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(readers);
        Soon(() => Volatile.Read(ref awaited) == 0);
    }

    [Fact]
    public void Only_who_was_seen_reading_is_marked_and_comes_to_look()
    {
        var (reading, outside) = (GracePeriod.Register(), GracePeriod.Register());
        var released = 0;
        reading.Enter();
        for (var retired = 1; retired <= 100; retired++)
        {
            GracePeriod.Await(() => Interlocked.Increment(ref released));
            Assert.True(reading.IsAwaited);
            Assert.False(outside.IsAwaited);
        }

        Assert.Equal(0, Volatile.Read(ref released));
        Assert.True(reading.Leave());
        GracePeriod.Look(reading);
        Assert.False(reading.IsAwaited);
        Soon(() => Volatile.Read(ref released) == 100);
    }

    [Fact]
    public void Who_has_left_and_not_looked_yet_keeps_the_mark()
    {
        var leaving = GracePeriod.Register();
        var isReleased = false;
        leaving.Enter();
        GracePeriod.Await(() => Volatile.Write(ref isReleased, true));
        Assert.True(leaving.Leave());

        // Between the two steps of leaving, somebody retires something and sees the thread outside.
        GracePeriod.Await(static () => { });
        Assert.True(leaving.IsAwaited);
        GracePeriod.Look(leaving);
        Soon(() => Volatile.Read(ref isReleased));
    }

    [Fact]
    public void What_waits_for_several_goes_with_the_last_of_them_whoever_else_comes_to_look()
    {
        var (first, second, other) = (GracePeriod.Register(), GracePeriod.Register(), GracePeriod.Register());
        var released = 0;
        first.Enter();
        GracePeriod.Await(() => Interlocked.Increment(ref released));
        second.Enter();
        GracePeriod.Await(() => Interlocked.Increment(ref released));
        GracePeriod.Look(other);
        Assert.True(second.Leave());
        GracePeriod.Look(second);
        Assert.Equal(0, Volatile.Read(ref released));
        Assert.True(first.Leave());
        GracePeriod.Look(first);
        Soon(() => Volatile.Read(ref released) == 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void While_a_caller_writes_a_value_away_memory_is_given_back(bool inTransaction)
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });
        store.Put("k"u8, "value"u8);
        using var transaction = store.BeginTransaction();
        var isReleased = false;
        var writer = new SlowWriter(() =>
        {
            GracePeriod.Await(() => Volatile.Write(ref isReleased, true));
            Soon(() => Volatile.Read(ref isReleased));
        });
        Assert.True(inTransaction ? transaction.TryGet("k"u8, writer) : store.TryGet("k"u8, writer));
        Assert.True(isReleased);
        Assert.Equal("value"u8, writer.Written);
    }

    private static void Soon(Func<bool> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < Background.Patience, "Nobody released what nobody reads.");
            Thread.Sleep(1);
        }
    }

    /// <summary>A caller's buffer that does something before it takes bytes.</summary>
    private sealed class SlowWriter(Action before) : IBufferWriter<byte>
    {
        private readonly ArrayBufferWriter<byte> _buffer = new();

        public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

        public void Advance(int count) => _buffer.Advance(count);

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0)
        {
            before();
            return _buffer.GetSpan(sizeHint);
        }
    }

    private sealed class Box
    {
        public bool IsReleased;
    }
}
