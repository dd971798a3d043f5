namespace LsmTree.Storage.Tests.Memory;

/// <summary>Tests that run while no other does: readers of other stores, on threads that wait for their turn, would hold up what these measure.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "memory, alone";
}
