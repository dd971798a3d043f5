using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;

namespace LsmTree.Data.Planning;

/// <summary>Whether an ORDER BY is the order in which the rows come anyway.</summary>
internal static class KeyOrder
{
    /// <param name="table">The table that is read.</param>
    /// <param name="fixedColumns">The leading key columns that have one value, and so do not matter.</param>
    /// <param name="sortKeys">The wanted order.</param>
    /// <param name="outputs">The outputs that the sort keys point to.</param>
    /// <param name="order">Ascending or descending when true.</param>
    public static bool TryFollow(TableSchema table, int fixedColumns, IReadOnlyList<SortKey> sortKeys, OutputList outputs, out ScanOrder order)
    {
        order = ScanOrder.Ascending;
        var next = fixedColumns;
        var decided = false;
        foreach (var key in sortKeys)
        {
            if (outputs.Expressions[key.Output] is not ColumnValue column)
            {
                return false;
            }

            var position = table.Columns[column.Ordinal].KeyPosition;
            if (position < 0 || position > next)
            {
                return false;
            }

            if (position < next)
            {
                continue; // it has one value, or an earlier item has ordered by it
            }

            var wanted = key.Descending ? ScanOrder.Descending : ScanOrder.Ascending;
            if (decided && wanted != order)
            {
                return false;
            }

            (order, decided) = (wanted, true);
            if (++next == table.KeyColumns.Count)
            {
                return true; // no two rows are equal so far: further items decide nothing
            }
        }

        return true;
    }
}
