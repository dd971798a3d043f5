namespace LsmTree.Storage.Transactions;

/// <summary>What a serializable transaction has read: keys, present or absent, and ranges.</summary>
internal sealed class ReadSet
{
    public List<byte[]> Keys { get; } = [];

    public List<ReadRange> Ranges { get; } = [];

    public void Add(ReadOnlySpan<byte> key) => Keys.Add(key.ToArray());

    public ReadRange AddRange()
    {
        var range = new ReadRange();
        Ranges.Add(range);
        return range;
    }
}
