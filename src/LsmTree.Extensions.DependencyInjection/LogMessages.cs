using Microsoft.Extensions.Logging;

namespace LsmTree.Extensions.DependencyInjection;

/// <summary>Every message, with the number that monitoring knows it by: 1… the provider, 2… the engine. Numbers are never given again.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1001, LogLevel.Warning, "{Store}: a statement took {Milliseconds:0.0} ms: {Statement}")]
    public static partial void SlowStatement(ILogger logger, string store, double milliseconds, string statement, Exception? error);

    [LoggerMessage(2001, LogLevel.Information, "{Store}: open after {Milliseconds:0.0} ms, with {Tables} tables and {Entries} entries from the log")]
    public static partial void RecoveryCompleted(ILogger logger, string store, double milliseconds, int tables, long entries);

    [LoggerMessage(2002, LogLevel.Debug, "{Store}: flushed {Entries} entries to {Bytes} bytes in {Milliseconds:0.0} ms")]
    public static partial void FlushCompleted(ILogger logger, string store, double milliseconds, long entries, long bytes);

    [LoggerMessage(2003, LogLevel.Debug, "{Store}: {Kind} to level {Level} ({Reason}): {BytesRead} bytes became {BytesWritten} in {Milliseconds:0.0} ms")]
    public static partial void CompactionCompleted(ILogger logger, string store, double milliseconds, string kind, string reason, int level, long bytesRead, long bytesWritten);

    [LoggerMessage(2004, LogLevel.Warning, "{Store}: a write waits for flushes or compactions")]
    public static partial void StallBegan(ILogger logger, string store);

    [LoggerMessage(2005, LogLevel.Information, "{Store}: a write goes on after {Milliseconds:0.0} ms")]
    public static partial void StallEnded(ILogger logger, string store, double milliseconds);

    [LoggerMessage(2006, LogLevel.Error, "{Store}: a flush or compaction failed")]
    public static partial void BackgroundError(ILogger logger, string store, Exception error);
}
