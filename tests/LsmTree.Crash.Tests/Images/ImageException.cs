namespace LsmTree.Crash.Tests.Images;

/// <summary>A crash has left what no crash may leave.</summary>
internal sealed class ImageException(string message, Exception? inner = null) : Exception(message, inner);
