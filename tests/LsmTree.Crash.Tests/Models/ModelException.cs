namespace LsmTree.Crash.Tests.Models;

/// <summary>A store and its model disagree.</summary>
internal sealed class ModelException(string message) : Exception(message);
