namespace LsmTree.Storage.Tests.Support;

/// <summary>A name given to a file, taken from it, or moved; durable once the directory was synced.</summary>
internal sealed record NameChange(string? From, string? To, FaultyNode Node)
{
    public string Directory => Path.GetDirectoryName(From ?? To)!;

    public void ApplyTo(Dictionary<string, FaultyNode> names)
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
