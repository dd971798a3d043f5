using LsmTree.Storage.Commits;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Tests.Versions;
using LsmTree.Storage.Views;
using Version = LsmTree.Storage.Versions.Version;

namespace LsmTree.Storage.Tests.Commits;

public sealed class WritePressureTests : IDisposable
{
    private readonly StoreHealth _health = new();
    private readonly StoreCounters _counters = new();
    private readonly ViewCell _views;
    private readonly WritePressure _pressure;
    private TreeLoad _load;

    public WritePressureTests()
    {
        _views = new ViewCell(new Memtable(), Version.Empty, static () => { });
        _health.Failed += _views.Wake;
        _pressure = new WritePressure(_views, _health, _counters, TimeProvider.System, new EventRelay(null, TimeProvider.System, _counters), _ => _load);
    }

    public void Dispose() => _views.Dispose();

    [Fact]
    public void Nothing_is_owed_where_maintenance_keeps_up()
    {
        Show(new TreeLoad(WritePressure.SoftTables - 1, WritePressure.SoftDebtBytes, 0));
        _pressure.Admit(1L << 40, CancellationToken.None);
        Assert.Equal(0, _counters.Stalls);
    }

    [Theory]
    [InlineData(WritePressure.SoftTables, 0, 0, 1)]
    [InlineData(WritePressure.SoftTables + 3, 0, 0, 4)]
    [InlineData(0, WritePressure.SoftDebtBytes + 1, 0, 1)]
    [InlineData(0, WritePressure.SoftDebtBytes * 3 / 2, 0, 5)]
    [InlineData(0, WritePressure.SoftDebtBytes * 3 / 2, WritePressure.SoftDebtBytes * 4, 0)]
    [InlineData(WritePressure.SoftTables, WritePressure.SoftDebtBytes + 1, 0, 2)]
    public void What_is_owed_grows_in_proportion(int level0, long debt, long tableBytes, int steps)
    {
        // One step is 5 ns a byte, and a pause is made of a millisecond: 200,000 bytes owe one pause a step.
        Show(new TreeLoad(level0, debt, tableBytes));
        for (var writes = 0; writes < 200; writes++)
        {
            _pressure.Admit(1_000, CancellationToken.None);
        }

        Assert.Equal(steps, _counters.Stalls);
        Assert.Equal(steps > 0, _counters.StallTicks > 0);
    }

    [Fact]
    public async Task A_writer_at_the_hard_limit_goes_on_when_a_compaction_is_installed()
    {
        Show(new TreeLoad(WritePressure.HardTables, 0, 0));
        var writer = Background.Run(() => _pressure.Admit(1, CancellationToken.None));
        WaitForStall();
        Assert.False(writer.IsCompleted);
        Show(default);
        await writer.WaitAsync(Background.Patience);
        Assert.Equal(1, _counters.Stalls);
    }

    [Fact]
    public async Task A_failure_ends_every_wait()
    {
        var writers = Waiters();
        _health.Fail(new IOException("the first cause"));
        foreach (var writer in writers)
        {
            var error = await Assert.ThrowsAsync<StoreFailedException>(() => writer.WaitAsync(Background.Patience));
            Assert.Contains("the first cause", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_end_of_the_store_ends_every_wait()
    {
        var writers = Waiters();
        _pressure.Close();
        foreach (var writer in writers)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.WaitAsync(Background.Patience));
        }
    }

    [Fact]
    public async Task A_cancelled_writer_stops_waiting_and_the_others_do_not()
    {
        using var cancellation = new CancellationTokenSource();
        Show(new TreeLoad(WritePressure.HardTables, 0, 0));
        var cancelled = Background.Run(() => _pressure.Admit(1, cancellation.Token));
        var other = Background.Run(() => _pressure.Admit(1, CancellationToken.None));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Background.Patience));
        Assert.False(other.IsCompleted);
        Show(default);
        await other.WaitAsync(Background.Patience);
    }

    [Fact]
    public async Task A_writer_that_waits_for_work_that_cannot_go_on_is_told_why_and_the_others_are_not()
    {
        Show(new TreeLoad(WritePressure.HardTables, 0, 0));
        var level0 = Background.Run(() => _pressure.Admit(1, CancellationToken.None));
        var memtables = Background.Run(() => _pressure.WaitForRoom(Bottleneck.Memtables, _views.Generation, CancellationToken.None));
        _pressure.Block(Bottleneck.Level0, new StoreFullException("no space left"));
        var error = await Assert.ThrowsAsync<StoreFullException>(() => level0.WaitAsync(Background.Patience));
        Assert.Contains("no space left", error.Message, StringComparison.Ordinal);
        _pressure.Unblock(Bottleneck.Level0);
        var again = Background.Run(() => _pressure.Admit(1, CancellationToken.None));
        Show(default);
        await again.WaitAsync(Background.Patience);
        await memtables.WaitAsync(Background.Patience);
    }

    [Fact]
    public void Only_a_full_disk_is_unblocked()
    {
        _pressure.Block(Bottleneck.Memtables, new CorruptionException("000001.sst", 0, "a table", "none"));
        _pressure.Unblock(Bottleneck.Memtables);
        Assert.Throws<StoreFailedException>(() => _pressure.WaitForRoom(Bottleneck.Memtables, _views.Generation, CancellationToken.None));
    }

    private Task[] Waiters()
    {
        Show(new TreeLoad(WritePressure.HardTables, 0, 0));
        return
        [
            Background.Run(() => _pressure.Admit(1, CancellationToken.None)),
            Background.Run(() =>
            {
                while (true)
                {
                    _pressure.WaitForRoom(Bottleneck.Memtables, _views.Generation, CancellationToken.None);
                }
            }),
        ];
    }

    private void Show(TreeLoad load)
    {
        _load = load;
        _views.Install(LevelPicture.VersionOf(""));
    }

    private void WaitForStall() => Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _counters.Stalls) > 0, Background.Patience));
}
