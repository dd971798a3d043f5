namespace LsmTree.Storage.Memory;

/// <summary>While it lasts, what its thread retires is gathered: <see cref="GracePeriod.Gather"/>.</summary>
internal readonly ref struct Gathering : IDisposable
{
    private readonly bool _isOutermost;

    public Gathering(bool isOutermost) => _isOutermost = isOutermost;

    public void Dispose()
    {
        if (_isOutermost)
        {
            GracePeriod.AwaitGathered();
        }
    }
}
