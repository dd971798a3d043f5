namespace LsmTree.Crash.Tests.Calls;

/// <summary>The <paramref name="Number"/>-th call of its kind in a thread, from 1.</summary>
internal sealed record SystemCallPlace(string Call, int Number);
