using System.Globalization;

namespace LsmTree.Crash.Tests.Lanes;

/// <summary>The words that name one case, as <c>name=value</c>.</summary>
internal sealed class ReplayWords
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public ReplayWords(IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            var parts = word.Split('=', 2);
            _values[parts[0]] = parts.Length == 2 ? parts[1] : "";
        }
    }

    public string this[string name] =>
        _values.TryGetValue(name, out var value) ? value : throw new ArgumentException($"The replay line lacks {name}=….");

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The word <c>seed</c>; a seed may be any number of 64 bits.</summary>
    public ulong Seed => ulong.Parse(this["seed"], CultureInfo.InvariantCulture);

    public long Number(string name) => long.Parse(this[name], CultureInfo.InvariantCulture);
}
