namespace LsmTree.Crash.Tests.Writers;

/// <summary>One edit of a transaction: a put with a value, a delete without one, or a range delete up to <paramref name="To"/>.</summary>
internal sealed record WriterEdit(byte[] Key, byte[]? Value, byte[]? To = null);
