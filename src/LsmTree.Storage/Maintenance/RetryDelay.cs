using LsmTree.Storage.Views;

namespace LsmTree.Storage.Maintenance;

/// <summary>How long compactions pause after one has failed: a second, and after errors of the device twice as long each time, up to half a minute. Thread-safe.</summary>
internal sealed class RetryDelay
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private readonly EventRelay _clock;
    private readonly Lock _gate = new();
    private TimeSpan _pause; // guarded by _gate; zero when there is none
    private long _since; // guarded by _gate

    public RetryDelay(EventRelay clock) => _clock = clock;

    /// <summary>What is left of the pause; zero or less when it is over.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_gate)
            {
                return _pause == TimeSpan.Zero ? TimeSpan.Zero : _pause - _clock.Since(_since);
            }
        }
    }

    /// <summary>Begins a pause of a second, and returns it.</summary>
    public TimeSpan Begin() => Begin(static _ => s_shortest);

    /// <summary>Begins a pause twice as long as the one before, and returns it.</summary>
    public TimeSpan BeginLonger() => Begin(static before => before == TimeSpan.Zero ? s_shortest : before * 2 < s_longest ? before * 2 : s_longest);

    /// <summary>A compaction has succeeded: the next pause is a short one.</summary>
    public void End()
    {
        lock (_gate)
        {
            _pause = TimeSpan.Zero;
        }
    }

    private TimeSpan Begin(Func<TimeSpan, TimeSpan> length)
    {
        lock (_gate)
        {
            _pause = length(_pause);
            _since = _clock.Now;
            return _pause;
        }
    }
}
