namespace LsmTree.Storage.Tests.Models;

/// <summary>What a store should hold: the naive truth that random tests compare with.</summary>
internal sealed class StoreModel
{
    private readonly SortedDictionary<string, (string Value, long ExpiresAt)> _entries;

    public StoreModel() => _entries = new SortedDictionary<string, (string, long)>(StringComparer.Ordinal);

    private StoreModel(StoreModel other)
    {
        _entries = new SortedDictionary<string, (string, long)>(other._entries, StringComparer.Ordinal);
        Moment = other.Moment;
    }

    /// <summary>The moment by which entries expire; a copy keeps the one at which it was made.</summary>
    public long Moment { get; set; }

    public int Count => Entries.Count();

    public IEnumerable<KeyValuePair<string, string>> Entries =>
        _entries.Where(entry => Moment < entry.Value.ExpiresAt).Select(static entry => KeyValuePair.Create(entry.Key, entry.Value.Value));

    public StoreModel Copy() => new(this);

    public string? Get(string key) => _entries.TryGetValue(key, out var entry) && Moment < entry.ExpiresAt ? entry.Value : null;

    public void Put(string key, string value, long expiresAt = long.MaxValue) => _entries[key] = (value, expiresAt);

    public void Delete(string key) => _entries.Remove(key);

    public void DeleteRange(string from, string to)
    {
        foreach (var key in _entries.Keys.Where(key => string.CompareOrdinal(key, from) >= 0 && string.CompareOrdinal(key, to) < 0).ToList())
        {
            _entries.Remove(key);
        }
    }

    public List<KeyValuePair<string, string>> Range(string? from, string? to) =>
        [.. Entries.Where(entry => (from is null || string.CompareOrdinal(entry.Key, from) >= 0) && (to is null || string.CompareOrdinal(entry.Key, to) < 0))];
}
