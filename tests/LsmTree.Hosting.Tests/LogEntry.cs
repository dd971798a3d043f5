using Microsoft.Extensions.Logging;

namespace LsmTree.Hosting.Tests;

/// <summary>What was logged.</summary>
internal sealed record LogEntry(string Category, LogLevel Level, EventId Id, string Message, Exception? Error);
