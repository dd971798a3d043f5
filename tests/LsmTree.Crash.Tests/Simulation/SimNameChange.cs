namespace LsmTree.Crash.Tests.Simulation;

/// <summary>A name given to a file, taken from it, or moved; durable once the directory was synced.</summary>
internal sealed record SimNameChange(string? From, string? To, SimNode Node)
{
    public string Directory => Path.GetDirectoryName(From ?? To)!;

    public void ApplyTo(Dictionary<string, SimNode> names)
    {
        if (From is not null)
        {
            names.Remove(From);
        }

        if (To is not null)
        {
            names[To] = Node;
        }
    }
}
