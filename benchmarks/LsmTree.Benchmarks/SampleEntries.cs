namespace LsmTree.Benchmarks;

/// <summary>Keys and a value for the floors below the store: 16-byte keys in order and in a shuffled order, a 100-byte value.</summary>
internal sealed class SampleEntries
{
    private const int Seed = 20_26;

    private int _next;

    public SampleEntries(int count)
    {
        Sorted = [.. Enumerable.Range(0, count).Select(StoreFixture.KeyAt)];
        Shuffled = [.. Sorted];
        new Random(Seed).Shuffle(Shuffled);
        new Random(Seed).NextBytes(Value);
    }

    public byte[][] Sorted { get; }

    public byte[][] Shuffled { get; }

    public byte[] Value { get; } = new byte[StoreFixture.ValueBytes];

    /// <summary>Key after key in shuffled order, again and again.</summary>
    public byte[] NextShuffled()
    {
        _next = _next + 1 == Shuffled.Length ? 0 : _next + 1;
        return Shuffled[_next];
    }
}
