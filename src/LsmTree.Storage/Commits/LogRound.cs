using LsmTree.Storage.Logs;

namespace LsmTree.Storage.Commits;

/// <summary>One sync of the log: the files to close, the one to sync, and the position before which everything is durable then.</summary>
internal readonly record struct LogRound(LogWriter[] Closing, LogWriter Current, long End);
