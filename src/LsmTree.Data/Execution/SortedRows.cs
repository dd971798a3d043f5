using LsmTree.Data.Planning;
using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>ORDER BY that the key does not give: reads everything, sorts in memory. Equal rows stay in the order in which they came.</summary>
/// <remarks>When only the first n rows are wanted, no more than n are held: a row that comes after the worst of them is let go before it is copied.</remarks>
internal static class SortedRows
{
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
            var rows = wanted < int.MaxValue ? First((int)wanted, source, columns, order, budget) : All(source, columns, budget);
            rows.Sort(order);
            return new RowBuffer(rows.ConvertAll(static row => row.Values));
        }
    }

    private static List<SequencedRow> All(IRowSource source, int columns, MemoryBudget budget)
    {
        var rows = new List<SequencedRow>();
        var scratch = new SqlValue[columns];
        while (Next(source, scratch))
        {
            rows.Add(new SequencedRow(budget.Keep(scratch), rows.Count));
        }

        return rows;
    }

    private static List<SequencedRow> First(int wanted, IRowSource source, int columns, SortedRowOrder order, MemoryBudget budget)
    {
        var worstFirst = new PriorityQueue<SequencedRow, SequencedRow>(Comparer<SequencedRow>.Create((left, right) => order.Compare(right, left)));
        var scratch = new SqlValue[columns];
        for (var number = 0L; wanted > 0 && Next(source, scratch); number++)
        {
            if (worstFirst.Count == wanted)
            {
                var worst = worstFirst.Peek();
                if (order.Compare(new SequencedRow(scratch, number), worst) > 0)
                {
                    continue;
                }

                worstFirst.Dequeue();
                budget.Release(MemoryBudget.SizeOf(worst.Values));
            }

            var row = new SequencedRow(budget.Keep(scratch), number);
            worstFirst.Enqueue(row, row);
        }

        return [.. worstFirst.UnorderedItems.Select(static item => item.Element)];
    }

    /// <summary>Reads a row without copying it.</summary>
    private static bool Next(IRowSource source, SqlValue[] scratch)
    {
        if (!source.Read())
        {
            return false;
        }

        for (var i = 0; i < scratch.Length; i++)
        {
            source.GetValue(i, out scratch[i]);
        }

        return true;
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
