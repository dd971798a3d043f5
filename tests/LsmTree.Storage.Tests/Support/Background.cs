namespace LsmTree.Storage.Tests.Support;

/// <summary>Work beside the test, on a thread of its own, and waiting for it with a limit that only a deadlock reaches.</summary>
internal static class Background
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Task Run(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Returns when the thread waits for somebody: for a lock that is held, as a rule.</summary>
    public static void AwaitBlocked(Thread thread) =>
        Assert.True(SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Patience), "The thread does not wait.");

    public static void Await(ManualResetEventSlim signal) => Assert.True(signal.Wait(Patience), "Nobody gave the signal.");
}
