namespace LsmTree.Storage.Memory;

/// <summary>A release that waits until the threads which were reading have left their sections; see <see cref="GracePeriod"/>, whose gate guards it.</summary>
internal sealed class WaitingRelease(Action release)
{
    public Action Release { get; } = release;

    /// <summary>How many of them have not left yet.</summary>
    public int Readers { get; set; }
}
