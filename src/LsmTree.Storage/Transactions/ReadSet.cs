namespace LsmTree.Storage.Transactions;

/// <summary>What a serializable transaction has read: keys, present or absent, and ranges.</summary>
internal sealed class ReadSet
{
    private const int BytesPerKey = 40; // array header, length, a place in the list and room to grow

    /// <summary>What a range takes in memory, with two keys of ordinary length, in bytes.</summary>
    public const int BytesPerRange = 256;

    public List<byte[]> Keys { get; } = [];

    public List<ReadRange> Ranges { get; } = [];

    /// <summary>What a key takes in memory, in bytes.</summary>
    public static int BytesFor(ReadOnlySpan<byte> key) => BytesPerKey + key.Length;

    public void Add(ReadOnlySpan<byte> key) => Keys.Add(key.ToArray());

    public ReadRange AddRange()
    {
        var range = new ReadRange();
        Ranges.Add(range);
        return range;
    }
}
