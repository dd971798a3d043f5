using System.Runtime.CompilerServices;
using LsmTree.Storage.Commits;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Commits;

/// <summary>Threads that wait for an fsync, or lead it, and are interrupted (<see cref="Thread.Interrupt"/>), or trip over the clock: the others must not wait for them.</summary>
public sealed class InterruptedSyncTests
{
    private volatile bool _holdsSyncs;
    private volatile bool _holdsRotation;
    private volatile bool _isHeld;
    private volatile bool _isRotationHeld;

    [Fact]
    public void Whoever_was_to_lead_next_and_is_interrupted_leaves_nobody_asleep()
    {
        var log = new TestLog(Held());
        using var ending = new CancellationTokenSource();
        var others = Enumerable.Range(0, 2).Select(_ => Start(() =>
        {
            while (!ending.IsCancellationRequested)
            {
                log.Log.CloseRotated(); // only takes the lock: an interruption is noticed where a thread has to wait for it
            }
        })).ToArray();
        ulong sequence = 0;
        for (var round = 0; round < 20; round++)
        {
            _isHeld = false;
            _holdsSyncs = true;
            var leader = Start(() => log.Log.SyncTo(Append(log.Log, ref sequence)));
            AwaitHeld();
            var followers = new Thread[3];
            for (var i = 0; i < followers.Length; i++)
            {
                var position = Append(log.Log, ref sequence);
                followers[i] = Start(() => SyncUnlessInterrupted(log.Log, position));
                AwaitArrival(log.Log, i + 1);
            }

            followers[0].Interrupt(); // it came first, and is woken to lead
            _holdsSyncs = false;
            foreach (var thread in (Thread[])[leader, .. followers])
            {
                Assert.True(thread.Join(Background.Patience), $"nobody leads, in round {round}");
            }
        }

        ending.Cancel();
        Assert.All(others, static thread => Assert.True(thread.Join(Background.Patience)));
        Assert.Null(log.Health.Failure);
        log.Dispose(); // not before: it waits for whoever leads
    }

    [Fact]
    public void A_leader_that_is_interrupted_ends_its_round()
    {
        var log = new TestLog(Held());
        log.Log.EnsureSpare();
        ulong sequence = 0;
        _holdsSyncs = true;
        var leader = Start(() => SyncUnlessInterrupted(log.Log, Append(log.Log, ref sequence)));
        AwaitHeld();

        // Somebody has the lock when the fsync ends: he asks whether there are files to close, and the rotation that knows has not ended.
        _holdsRotation = true;
        var rotation = Start(() => log.Log.Rotate());
        Assert.True(SpinWait.SpinUntil(() => _isRotationHeld, Background.Patience));
        var closer = Start(() => log.Log.CloseRotated());
        Background.AwaitBlocked(closer);
        leader.Interrupt();
        _holdsSyncs = false;
        Assert.True(SpinWait.SpinUntil(() => !leader.IsAlive || leader.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Background.Patience));
        _holdsRotation = false;

        foreach (var thread in (Thread[])[leader, rotation, closer])
        {
            Assert.True(thread.Join(Background.Patience), "the round does not end");
        }

        Assert.Null(log.Health.Failure);
        Assert.True(Start(() => log.Log.SyncTo(Append(log.Log, ref sequence))).Join(Background.Patience));
        log.Dispose();
    }

    [Fact]
    public void A_clock_that_throws_while_a_leader_gathers_the_others_does_not_leave_them_waiting()
    {
        var clock = new BreakingClock();
        var log = new TestLog(Held(), clock);
        ulong sequence = 0;
        _holdsSyncs = true;
        var leader = Start(() => log.Log.SyncTo(Append(log.Log, ref sequence)));
        AwaitHeld();
        var followers = new Thread[2];
        for (var i = 0; i < followers.Length; i++)
        {
            var position = Append(log.Log, ref sequence);
            followers[i] = Start(() => log.Log.SyncTo(position));
            AwaitArrival(log.Log, i + 1);
        }

        _holdsSyncs = false;
        Assert.All((Thread[])[leader, .. followers], static thread => Assert.True(thread.Join(Background.Patience)));

        clock.IsBroken = true; // two shared a round: who leads next looks how long to wait for the other
        Exception? first = null;
        Exception? second = null;
        Start(() => first = Record.Exception(() => log.Log.SyncTo(Append(log.Log, ref sequence)))).Join();
        Assert.True(Start(() => second = Record.Exception(() => log.Log.SyncTo(log.AppendedBytes))).Join(Background.Patience), "the round does not end");
        Assert.IsType<StoreFailedException>(first);
        Assert.IsType<StoreFailedException>(second);
        log.Dispose();
    }

    /// <summary>Returns when so many wait for the next fsync. What they sleep in does not show in the state of their threads.</summary>
    private static void AwaitArrival(WriteAheadLog log, int count) => Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref Arrived(log)) == count, Background.Patience));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_arrived")]
    private static extern ref int Arrived(WriteAheadLog log);

    private static long Append(WriteAheadLog log, ref ulong sequence) => log.Append(Interlocked.Increment(ref sequence), 1, [0]);

    private static void SyncUnlessInterrupted(WriteAheadLog log, long position)
    {
        try
        {
            log.SyncTo(position);
        }
        catch (ThreadInterruptedException)
        {
            // Others go on without it.
        }
    }

    private static Thread Start(Action work)
    {
        var thread = new Thread(() => work()) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void AwaitHeld() => Assert.True(SpinWait.SpinUntil(() => _isHeld, Background.Patience));

    /// <summary>Fsyncs, and the header of the log after the first, can be held, in waits that no interruption ends: a disk knows of none.</summary>
    private HeldFileSystem Held() => new(new FaultyFileSystem(), (operation, path) =>
    {
        switch (operation)
        {
            case FileOperation.Sync:
                _isHeld = _holdsSyncs;
                while (_holdsSyncs)
                {
                    Thread.Yield();
                }

                break;
            case FileOperation.Append when _holdsRotation:
                _isRotationHeld = true;
                while (_holdsRotation)
                {
                    Thread.Yield();
                }

                break;
        }
    });

    private sealed class BreakingClock : TimeProvider
    {
        public volatile bool IsBroken;

        public override long GetTimestamp() => IsBroken ? throw new InvalidOperationException("the clock is broken") : base.GetTimestamp();
    }
}
