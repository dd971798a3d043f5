namespace LsmTree.Crash.Tests.Corruption;

/// <summary>Damage that was not noticed, or not told as the documentation says.</summary>
internal sealed class DamageException(string message, Exception? inner = null) : Exception(message, inner);
