namespace LsmTree.Storage.Tests.Models;

/// <summary>What a store should hold: the naive truth that random tests compare with.</summary>
internal sealed class StoreModel
{
    private readonly SortedDictionary<string, string> _entries;

    public StoreModel() => _entries = new SortedDictionary<string, string>(StringComparer.Ordinal);

    private StoreModel(SortedDictionary<string, string> entries) => _entries = new SortedDictionary<string, string>(entries, StringComparer.Ordinal);

    public int Count => _entries.Count;

    public IEnumerable<KeyValuePair<string, string>> Entries => _entries;

    public StoreModel Copy() => new(_entries);

    public string? Get(string key) => _entries.GetValueOrDefault(key);

    public void Put(string key, string value) => _entries[key] = value;

    public void Delete(string key) => _entries.Remove(key);

    public void DeleteRange(string from, string to)
    {
        foreach (var key in _entries.Keys.Where(key => string.CompareOrdinal(key, from) >= 0 && string.CompareOrdinal(key, to) < 0).ToList())
        {
            _entries.Remove(key);
        }
    }

    public List<KeyValuePair<string, string>> Range(string? from, string? to) =>
        [.. _entries.Where(entry => (from is null || string.CompareOrdinal(entry.Key, from) >= 0) && (to is null || string.CompareOrdinal(entry.Key, to) < 0))];
}
