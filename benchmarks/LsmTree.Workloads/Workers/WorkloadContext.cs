using LsmTree.Storage;
using LsmTree.Workloads.Numbers;

namespace LsmTree.Workloads.Workers;

/// <summary>What the workers of one workload share: the store, and which keys and values are in it.</summary>
internal sealed class WorkloadContext(LsmStore store, WorkloadSettings settings, long keys)
{
    private long _claimed = keys;

    public LsmStore Store { get; } = store;

    public WorkloadSettings Settings { get; } = settings;

    /// <summary>Keys that the workload is about, numbered from 0. All of them are in the store, unless the workload begins with an empty one.</summary>
    public long Keys { get; } = keys;

    public KeySpace KeySpace { get; } = new(settings.KeyBytes);

    public ValuePool Values { get; } = new(settings.ValueBytes, settings.Seed);

    /// <summary>The order in which keys are visited when the order must not help.</summary>
    public Permutation Order { get; } = new(keys, settings.Seed);

    /// <summary>Keys given out so far: those that were there and those that <see cref="ClaimKey"/> added.</summary>
    public long ClaimedKeys => Volatile.Read(ref _claimed);

    /// <summary>The number of a key that nobody has written yet.</summary>
    public long ClaimKey() => Interlocked.Increment(ref _claimed) - 1;

    /// <summary>Random numbers for one thread.</summary>
    public SplitMix64 CreateRandom(int thread) => new(SplitMix64.Mix(Settings.Seed + (ulong)thread + 1));
}
