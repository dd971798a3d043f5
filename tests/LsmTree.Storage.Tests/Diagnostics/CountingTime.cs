namespace LsmTree.Storage.Tests.Diagnostics;

/// <summary>A clock that goes on by a millisecond whenever it is read, and counts that.</summary>
internal sealed class CountingTime : TimeProvider
{
    private long _reads;

    public long Reads => Interlocked.Read(ref _reads);

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Interlocked.Increment(ref _reads);
}
