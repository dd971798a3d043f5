namespace LsmTree.Crash.Tests.Models;

/// <summary>What a store should hold at one moment: for each key of <see cref="ModelKeys"/> the number of its value, or 0.</summary>
internal sealed class ModelState
{
    private readonly long[] _values;

    public ModelState() => _values = new long[ModelKeys.Count];

    private ModelState(long[] values) => _values = values;

    public long this[int key] => _values[key];

    public ModelState Copy() => new((long[])_values.Clone());

    public void Put(int key, long number) => _values[key] = number;

    public void Delete(int key) => _values[key] = 0;

    public void DeleteRange(int from, int to)
    {
        if (from < to)
        {
            _values.AsSpan(from, to - from).Clear();
        }
    }

    /// <summary>The first key that has a value, from <paramref name="key"/> on and below <paramref name="end"/>; -1 when there is none.</summary>
    public int FirstFrom(int key, int end)
    {
        var at = key < end ? _values.AsSpan(key, end - key).IndexOfAnyExcept(0L) : -1;
        return at < 0 ? -1 : key + at;
    }

    /// <summary>The last key that has a value, down from <paramref name="key"/> and not below <paramref name="start"/>; -1 when there is none.</summary>
    public int LastFrom(int key, int start)
    {
        var at = key >= start ? _values.AsSpan(start, key - start + 1).LastIndexOfAnyExcept(0L) : -1;
        return at < 0 ? -1 : start + at;
    }

    public int CountFrom(int key, int end)
    {
        var count = 0;
        for (var i = key; i < end; i++)
        {
            count += _values[i] == 0 ? 0 : 1;
        }

        return count;
    }
}
