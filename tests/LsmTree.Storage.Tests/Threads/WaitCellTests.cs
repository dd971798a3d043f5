using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Threads;

namespace LsmTree.Storage.Tests.Threads;

public sealed class WaitCellTests
{
    public static TheoryData<string> Kinds => OperatingSystem.IsLinux() ? ["futex", "monitor"] : ["monitor"];

    [Fact]
    public void Linux_has_the_better_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "futex(2) is a call of Linux");
        Assert.IsType<FutexCell>(WaitCell.Create());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_change_between_the_decision_and_the_sleep_is_not_missed(string kind)
    {
        var cell = Create(kind);
        var seen = cell.Current;
        cell.Change();
        cell.WakeAll();
        await Background.Run(() => cell.WaitWhile(seen)).WaitAsync(Background.Patience);
        Assert.NotEqual(seen, cell.Current);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task One_call_wakes_all_who_sleep(string kind)
    {
        var cell = Create(kind);
        var seen = cell.Current;
        var sleepers = Enumerable.Range(0, 8).Select(_ => Background.Run(() => WaitForChange(cell, seen))).ToArray();
        cell.Change();
        cell.WakeAll();
        await Task.WhenAll(sleepers).WaitAsync(Background.Patience);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_call_for_one_wakes_one_more(string kind)
    {
        var cell = Create(kind);
        var awake = 0;
        var isOver = false;
        var sleepers = Enumerable.Range(0, 4).Select(_ => Background.Run(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                cell.WaitWhile(cell.Current);
                Interlocked.Increment(ref awake);
            }
        })).ToArray();

        // A call that finds nobody asleep yet is lost, as it should be: who waits has looked first.
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                cell.WakeOne();
                return Volatile.Read(ref awake) >= 100;
            },
            Background.Patience));
        Volatile.Write(ref isOver, true);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                cell.WakeOne();
                return sleepers.All(static sleeper => sleeper.IsCompleted);
            },
            Background.Patience));
        await Task.WhenAll(sleepers);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Two_threads_that_take_turns_never_miss_each_other(string kind)
    {
        const int Turns = 20_000;
        var (ping, pong) = (Create(kind), Create(kind));
        var (pings, pongs) = (0, 0);
        var answers = Background.Run(() =>
        {
            for (var turn = 1; turn <= Turns; turn++)
            {
                WaitUntil(ping, ref pings, turn);
                Volatile.Write(ref pongs, turn);
                pong.Change();
                pong.WakeAll();
            }
        });
        var asks = Background.Run(() =>
        {
            for (var turn = 1; turn <= Turns; turn++)
            {
                Volatile.Write(ref pings, turn);
                ping.Change();
                ping.WakeOne();
                WaitUntil(pong, ref pongs, turn);
            }
        });
        await Task.WhenAll(asks, answers).WaitAsync(Background.Patience);
    }

    private static WaitCell Create(string kind) => kind == "futex" ? new FutexCell() : new MonitorCell();

    private static void WaitForChange(WaitCell cell, int seen)
    {
        while (cell.Current == seen)
        {
            cell.WaitWhile(seen);
        }
    }

    private static void WaitUntil(WaitCell cell, ref int number, int wanted)
    {
        while (true)
        {
            var seen = cell.Current;
            if (Volatile.Read(ref number) >= wanted)
            {
                return;
            }

            cell.WaitWhile(seen);
        }
    }
}
