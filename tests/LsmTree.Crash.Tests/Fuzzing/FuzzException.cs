namespace LsmTree.Crash.Tests.Fuzzing;

/// <summary>An input was answered with something that no documentation names.</summary>
internal sealed class FuzzException(string message) : Exception(message);
