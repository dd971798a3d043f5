using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LsmTree.Hosting.Tests;

/// <summary>A logger factory that remembers.</summary>
internal sealed class RememberedLogs : ILoggerFactory
{
    public ConcurrentQueue<LogEntry> Entries { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public LogEntry[] Of(int id) => [.. Entries.Where(entry => entry.Id.Id == id)];

    public void Dispose()
    {
    }

    private sealed class Logger(RememberedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.Entries.Enqueue(new LogEntry(category, logLevel, eventId, formatter(state, exception), exception));
    }
}
