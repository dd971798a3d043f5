using LsmTree.Data.Planning;
using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>ORDER BY that the key does not give: reads everything, sorts in memory. Equal rows stay in the order in which they came.</summary>
/// <remarks>
/// When only the first n rows are wanted, no more than 2n + 1,024 are held at a time: the rest is cut off as it comes.
/// </remarks>
internal static class SortedRows
{
    private const int RowsKeptAtLeast = 1024;

    /// <param name="source">The rows; read to the end and disposed.</param>
    /// <param name="columns">Columns of the source, those for the sort included.</param>
    /// <param name="keys">What to compare.</param>
    /// <param name="wanted">The first rows that will be read; <see cref="long.MaxValue"/> for all.</param>
    /// <param name="budget">Pays for the rows.</param>
    public static RowBuffer Sort(IRowSource source, int columns, IReadOnlyList<SortKey> keys, long wanted, MemoryBudget budget)
    {
        using (source)
        {
            var order = new SortedRowOrder(keys);
            var most = wanted > int.MaxValue / 4 ? long.MaxValue : (2 * wanted) + RowsKeptAtLeast;
            var rows = new List<SequencedRow>();
            var number = 0L;
            while (source.Read())
            {
                rows.Add(new SequencedRow(budget.Keep(source, columns), number++));
                if (rows.Count > most)
                {
                    Cut(rows, order, (int)wanted, budget);
                }
            }

            rows.Sort(order);
            return new RowBuffer(rows.ConvertAll(static row => row.Values));
        }
    }

    private static void Cut(List<SequencedRow> rows, SortedRowOrder order, int wanted, MemoryBudget budget)
    {
        rows.Sort(order);
        for (var i = wanted; i < rows.Count; i++)
        {
            budget.Release(MemoryBudget.SizeOf(rows[i].Values));
        }

        rows.RemoveRange(wanted, rows.Count - wanted);
    }

    private readonly record struct SequencedRow(SqlValue[] Values, long Number);

    private sealed class SortedRowOrder(IReadOnlyList<SortKey> keys) : IComparer<SequencedRow>
    {
        public int Compare(SequencedRow x, SequencedRow y)
        {
            foreach (var key in keys)
            {
                var order = Comparison.CompareForSort(x.Values[key.Output], y.Values[key.Output]);
                if (order != 0)
                {
                    return key.Descending ? -order : order;
                }
            }

            return x.Number.CompareTo(y.Number);
        }
    }
}
