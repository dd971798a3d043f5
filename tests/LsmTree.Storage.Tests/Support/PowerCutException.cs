namespace LsmTree.Storage.Tests.Support;

/// <summary>The machine is off: every operation from the chosen one on throws this.</summary>
internal sealed class PowerCutException(string operation) : IOException($"The power was cut before: {operation}.");
