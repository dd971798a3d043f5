namespace LsmTree.Tests.Shared;

/// <summary>Measures what work allocates on its own thread, for tests that promise none or a bound.</summary>
/// <remarks>
/// One measurement proves little: the runtime itself may allocate on the thread when it replaces a method by a faster one. What
/// the work allocates shows in every round, so the least of many rounds is the work's own.
/// </remarks>
internal static class Allocations
{
    private const int Rounds = 20;

    /// <summary>The bytes that one call of <paramref name="work"/> allocates once it is warm.</summary>
    public static long Least(Action work)
    {
        work();
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
