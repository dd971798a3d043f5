namespace LsmTree.Crash.Tests.Faults;

/// <summary>What a script does to its disk when nothing fails.</summary>
/// <param name="Operations">The operations, in their order.</param>
/// <param name="LastWordFrom">How many of them come before the last word.</param>
internal sealed record FaultSurvey(IReadOnlyList<SimEventKind> Operations, int LastWordFrom);
