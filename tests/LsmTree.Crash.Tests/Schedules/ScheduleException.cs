namespace LsmTree.Crash.Tests.Schedules;

/// <summary>A client saw what no serial history explains, or what its isolation forbids.</summary>
internal sealed class ScheduleException(string message) : Exception(message);
