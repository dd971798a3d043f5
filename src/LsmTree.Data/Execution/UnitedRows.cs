using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>UNION: the rows of several sources, one source after another, in the order in which they are first seen.</summary>
/// <remarks>
/// UNION leans to the left, so each one without ALL frees everything before it from duplicates: sources up to the last such UNION are distinct,
/// what follows comes as it is.
/// </remarks>
internal sealed class UnitedRows(IReadOnlyList<IRowSource> sources, int distinctSources, int columns, IDisposable? moment, MemoryBudget budget) : IRowSource
{
    private readonly HashSet<SqlValue[]> _seen = new(RowEquality.Instance);
    private readonly SqlValue[] _row = new SqlValue[columns];
    private int _current;

    public bool Read()
    {
        for (; _current < sources.Count; _current++)
        {
            while (sources[_current].Read())
            {
                if (_current >= distinctSources || IsNew(sources[_current]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    public void GetValue(int ordinal, out SqlValue value) => sources[_current].GetValue(ordinal, out value);

    public void Dispose()
    {
        foreach (var source in sources)
        {
            source.Dispose();
        }

        moment?.Dispose();
        _current = sources.Count;
    }

    private bool IsNew(IRowSource source)
    {
        for (var i = 0; i < _row.Length; i++)
        {
            source.GetValue(i, out _row[i]);
        }

        return !_seen.Contains(_row) && _seen.Add(budget.Keep(_row));
    }
}
