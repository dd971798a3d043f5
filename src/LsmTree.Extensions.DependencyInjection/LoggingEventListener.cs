using LsmTree.Storage;
using Microsoft.Extensions.Logging;

namespace LsmTree.Extensions.DependencyInjection;

/// <summary>Writes what an engine tells of itself to a logger.</summary>
/// <param name="logger">The logger.</param>
/// <param name="name">What to call the store; asked at the first event, when the builder is complete.</param>
internal sealed class LoggingEventListener(ILogger logger, Func<string> name) : StoreEventListener
{
    private readonly Lazy<string> _store = new(name);

    public override void OnRecoveryCompleted(RecoveryCompleted recovery)
    {
        ArgumentNullException.ThrowIfNull(recovery);
        LogMessages.RecoveryCompleted(logger, _store.Value, recovery.Duration.TotalMilliseconds, recovery.Tables, recovery.ReplayedEntries);
    }

    public override void OnFlushCompleted(FlushCompleted flush)
    {
        ArgumentNullException.ThrowIfNull(flush);
        LogMessages.FlushCompleted(logger, _store.Value, flush.Duration.TotalMilliseconds, flush.EntriesRead, flush.BytesWritten);
    }

    public override void OnCompactionCompleted(CompactionCompleted compaction)
    {
        ArgumentNullException.ThrowIfNull(compaction);
        LogMessages.CompactionCompleted(logger, _store.Value, compaction.Duration.TotalMilliseconds, compaction.Kind, compaction.Reason, compaction.OutputLevel, compaction.BytesRead, compaction.BytesWritten);
    }

    public override void OnStallBegan() => LogMessages.StallBegan(logger, _store.Value);

    public override void OnStallEnded(TimeSpan duration) => LogMessages.StallEnded(logger, _store.Value, duration.TotalMilliseconds);

    public override void OnBackgroundError(Exception error) => LogMessages.BackgroundError(logger, _store.Value, error);
}
