using LsmTree.Data.Execution;
using LsmTree.Data.Sessions;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>Rows that were read to the end while their transaction was open, so that they outlive it: the results of a batch.</summary>
internal sealed class BufferedRows : IRowSource
{
    private readonly List<SqlValue[]> _rows;
    private int _next;

    private BufferedRows(List<SqlValue[]> rows)
    {
        _rows = rows;
    }

    /// <summary>The same result with its rows in memory; its source is disposed.</summary>
    public static StatementResult Drain(StatementResult result)
    {
        if (result.Rows is not { } source)
        {
            return result;
        }

        using (source)
        {
            var rows = new List<SqlValue[]>();
            while (source.Read())
            {
                var row = new SqlValue[result.Columns.Count];
                for (var ordinal = 0; ordinal < row.Length; ordinal++)
                {
                    source.GetValue(ordinal, out var value);
                    row[ordinal] = value.ToOwned();
                }

                rows.Add(row);
            }

            return result with { Rows = new BufferedRows(rows) };
        }
    }

    public bool Read()
    {
        if (_next == _rows.Count)
        {
            return false;
        }

        _next++;
        return true;
    }

    public void GetValue(int ordinal, out SqlValue value) => value = _rows[_next - 1][ordinal];

    public void Dispose()
    {
        _rows.Clear();
        _next = 0;
    }
}
