using System.Text;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Schedules;

/// <summary>The schedules must be able to fail, and be the same for the same seed.</summary>
public sealed class ScheduleRigTests
{
    [Fact]
    public void A_commit_that_the_store_does_not_have_is_found()
    {
        var run = new ScheduleRun(1);
        run.State.Apply(new Dictionary<string, string> { ["list/x"] = "1," });
        Assert.Throws<ScheduleException>(run.Run);
    }

    [Fact]
    public void A_read_of_another_state_is_found()
    {
        using var store = LsmStore.OpenInMemory();
        var state = new CommittedState();
        store.Put("k"u8, "not in the state"u8);
        using var transaction = new ClientTransaction(store, state, TransactionIsolation.Snapshot);
        Assert.Throws<ScheduleException>(() => transaction.Read("k"));
        Assert.Throws<ScheduleException>(() => transaction.Scan("").ToList());
    }

    [Fact]
    public void A_commit_over_a_commit_that_was_not_seen_is_found()
    {
        using var store = LsmStore.OpenInMemory();
        var state = new CommittedState();
        using var transaction = new ClientTransaction(store, state, TransactionIsolation.Snapshot);
        transaction.Write("k", "1");
        state.Apply(new Dictionary<string, string> { ["k"] = "of another, which the store does not know" });
        Assert.Throws<ScheduleException>(() => transaction.TryCommit());
    }

    [Fact]
    public void A_conflict_without_a_cause_is_found()
    {
        using var store = LsmStore.OpenInMemory();
        using var transaction = new ClientTransaction(store, new CommittedState(), TransactionIsolation.Snapshot);
        transaction.Write("k", "1");
        store.Put("k"u8, Encoding.UTF8.GetBytes("of another, which the state does not know"));
        Assert.Throws<ScheduleException>(() => transaction.TryCommit());
    }

    [Fact]
    public void A_seed_makes_the_same_schedule_twice()
    {
        var (first, second) = (new ScheduleRun(42), new ScheduleRun(42));
        first.Run();
        second.Run();
        Assert.Equal((first.Steps, first.Commits, first.Conflicts, first.Bereaved), (second.Steps, second.Commits, second.Conflicts, second.Bereaved));
        Assert.Equal(first.State.Rows, second.State.Rows);
        Assert.True(first.Commits > 0);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_store_that_is_closed_under_committing_threads_refuses_them_and_keeps_the_sum(int seed) => Assert.True(ThreadStress.Run((ulong)seed) > 0, "nothing was committed");
}
