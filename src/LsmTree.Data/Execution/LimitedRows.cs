using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>LIMIT and OFFSET: after the last row that is wanted, the source is not asked again.</summary>
internal sealed class LimitedRows(IRowSource source, long limit, long offset) : IRowSource
{
    private long _left = limit;
    private long _skip = offset;

    public bool Read()
    {
        if (_left <= 0)
        {
            return false;
        }

        for (; _skip > 0; _skip--)
        {
            if (!source.Read())
            {
                _left = 0;
                return false;
            }
        }

        _left = source.Read() ? _left - 1 : -1;
        return _left >= 0;
    }

    public void GetValue(int ordinal, out SqlValue value) => source.GetValue(ordinal, out value);

    public void Dispose() => source.Dispose();
}
