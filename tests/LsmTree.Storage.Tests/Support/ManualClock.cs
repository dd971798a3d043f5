namespace LsmTree.Storage.Tests.Support;

/// <summary>A wall clock that the test sets, forward and back.</summary>
internal sealed class ManualClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long _now = Start.UtcTicks;

    public DateTimeOffset Now
    {
        get => new(Volatile.Read(ref _now), TimeSpan.Zero);
        set => Volatile.Write(ref _now, value.UtcTicks);
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public void Advance(double milliseconds) => Now += TimeSpan.FromMilliseconds(milliseconds);
}
