namespace LsmTree.Data.Tests.Diagnostics;

/// <summary>Tests that listen to the process's instruments run alone: a listener is called on the threads of whoever is measured.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ListeningTests
{
    public const string Name = "listening";
}
