using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>Rows that are complete in memory: of RETURNING, of a sort, of SHOW.</summary>
internal sealed class RowBuffer : IRowSource
{
    private readonly List<SqlValue[]> _rows;
    private int _next;

    public RowBuffer(List<SqlValue[]> rows)
    {
        _rows = rows;
    }

    public RowBuffer() : this([])
    {
    }

    public int Count => _rows.Count;

    public void Add(SqlValue[] row) => _rows.Add(row);

    public void Add(params ReadOnlySpan<SqlValue> row) => _rows.Add(row.ToArray());

    public bool Read()
    {
        if (_next >= _rows.Count)
        {
            _next = _rows.Count + 1;
            return false;
        }

        _next++;
        return true;
    }

    public void GetValue(int ordinal, out SqlValue value) => value = _rows[_next - 1][ordinal];

    public void Dispose()
    {
        _rows.Clear();
        _next = 1;
    }
}
