namespace LsmTree.Data.Differential.Generators;

/// <summary>Chance, from a seed: the same seed draws the same.</summary>
internal sealed class Draw(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Between(int least, int most) => _random.Next(least, most + 1);

    public bool Percent(int chance) => _random.Next(100) < chance;

    public T Of<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    /// <summary>Some of the items, at least <paramref name="least"/>, in random order.</summary>
    public List<T> Some<T>(IEnumerable<T> items, int least)
    {
        var shuffled = items.ToArray();
        _random.Shuffle(shuffled);
        return [.. shuffled.Take(Between(least, shuffled.Length))];
    }
}
