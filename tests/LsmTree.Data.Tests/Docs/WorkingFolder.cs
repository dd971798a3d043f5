namespace LsmTree.Data.Tests.Docs;

/// <summary>Tests that run alone: they change the current directory and the console of the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WorkingFolder
{
    public const string Name = "Working folder";
}
