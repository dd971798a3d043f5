namespace LsmTree.Crash.Tests.Faults;

/// <summary>A fault has broken a promise.</summary>
internal sealed class FaultException(string message) : Exception(message);
