using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>The memory that one statement may hold rows in: a sort, a UNION without ALL, the rows of RETURNING, rows that move to new keys, rows found by an IN list in a transaction.</summary>
internal sealed class MemoryBudget
{
    /// <summary>64 MiB, sixteen times PostgreSQL's work_mem: there is no spilling to disk here.</summary>
    public const long DefaultBytes = 64L << 20;

    private const int BytesPerValue = 40; // the struct itself, and its share of the row's array
    private const int BytesPerRow = 64;

    private long _used;

    /// <summary>Copies a row so that it stays, and charges for it.</summary>
    /// <exception cref="LsmException">OutOfMemoryBudget.</exception>
    public SqlValue[] Keep(ReadOnlySpan<SqlValue> values)
    {
        var row = new SqlValue[values.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = values[i].ToOwned();
        }

        Charge(SizeOf(row));
        return row;
    }

    public void Charge(long bytes)
    {
        _used += bytes;
        if (_used > DefaultBytes)
        {
            throw new LsmException(
                LsmErrorCode.OutOfMemoryBudget,
                $"The statement holds more rows in memory than its budget of {DefaultBytes >> 20} MiB",
                hint: "order by the key, which needs no memory, or narrow the condition");
        }
    }

    public void Release(long bytes) => _used -= bytes;

    public static long SizeOf(SqlValue[] row)
    {
        long bytes = BytesPerRow;
        foreach (ref readonly var value in row.AsSpan())
        {
            bytes += BytesPerValue + value.Type switch
            {
                SqlType.Text when !value.IsUtf8 => 2L * value.AsString().Length,
                SqlType.Text or SqlType.Blob => value.AsSpan().Length,
                _ => 0,
            };
        }

        return bytes;
    }
}
