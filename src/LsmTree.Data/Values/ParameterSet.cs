namespace LsmTree.Data.Values;

/// <summary>The parameters of one execution: names without prefix, and their values. Refilled for every execution, so that it allocates once.</summary>
internal sealed class ParameterSet
{
    private string[] _names = [];
    private SqlValue[] _values = [];

    public static readonly ParameterSet Empty = new();

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <param name="name">The name without '@', ':' or '$'; empty for a positional parameter.</param>
    /// <param name="value">The value; its slices stay valid until the execution ends.</param>
    public void Add(string name, in SqlValue value)
    {
        if (Count == _names.Length)
        {
            Array.Resize(ref _names, Math.Max(4, Count * 2));
            Array.Resize(ref _values, Math.Max(4, Count * 2));
        }

        _names[Count] = name;
        _values[Count] = value;
        Count++;
    }

    public string NameAt(int index) => _names[index];

    public ref readonly SqlValue ValueAt(int index) => ref _values[index];

    /// <summary>The index of a parameter: an exact match first, then one that differs in case only; -1 when there is none.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (ReferenceEquals(_names[i], name) || string.Equals(_names[i], name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        for (var i = 0; i < Count; i++)
        {
            if (string.Equals(_names[i], name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
