using LsmTree.Data.Expressions;
using LsmTree.Data.Rows;
using LsmTree.Data.Schemas;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>From computed values to what is stored: converted to the columns' types, checked, encoded.</summary>
internal static class StoredValues
{
    /// <summary>The value as the column stores it.</summary>
    /// <exception cref="LsmException">NotNullViolation, DatatypeMismatch, InvalidConversion, OutOfRange or ValueTooLong, naming the column.</exception>
    public static void Assign(TableSchema table, ColumnSchema column, in SqlValue computed, out SqlValue stored)
    {
        if (computed.IsNull)
        {
            stored = computed;
            if (!column.Nullable)
            {
                throw new LsmException(LsmErrorCode.NotNullViolation, $"Column '{column.Name}' of table '{table.Name}' is NOT NULL");
            }

            return;
        }

        try
        {
            stored = Conversion.Convert(computed, column.Type, column.Precision, column.Scale);
            if (column.Length > 0)
            {
                stored = LengthLimit.Fit(stored, column.Length);
            }
        }
        catch (LsmException error) when (error.Line == 0)
        {
            throw error.About($"Column '{column.Name}' of table '{table.Name}'");
        }
    }

    /// <summary>Writes a row under its key.</summary>
    public static void Put(TableSchema table, ReadOnlySpan<SqlValue> values, StatementContext context)
    {
        var key = new KeyWriter(stackalloc byte[KeyWriter.ScratchLength]);
        try
        {
            table.Shape.WriteKey(ref key, values);
            Put(table, key.Written, values, context);
        }
        finally
        {
            key.Dispose();
        }
    }

    public static void Put(TableSchema table, ReadOnlySpan<byte> key, ReadOnlySpan<SqlValue> values, StatementContext context)
    {
        var row = new RowWriter(stackalloc byte[RowWriter.ScratchLength]);
        try
        {
            row.Write(table.Shape, values);
            context.Put(key, row.Written);
        }
        finally
        {
            row.Dispose();
        }
    }

    /// <summary>Writes a row under its key unless there is one, outside any transaction.</summary>
    public static bool TryInsert(TableSchema table, ReadOnlySpan<SqlValue> values, Durability durability, StatementContext context)
    {
        var key = new KeyWriter(stackalloc byte[KeyWriter.ScratchLength]);
        var row = new RowWriter(stackalloc byte[RowWriter.ScratchLength]);
        try
        {
            table.Shape.WriteKey(ref key, values);
            row.Write(table.Shape, values);
            return context.TryInsert(key.Written, row.Written, durability);
        }
        finally
        {
            key.Dispose();
            row.Dispose();
        }
    }

    public static byte[] EncodeKey(TableSchema table, ReadOnlySpan<SqlValue> values)
    {
        var key = new KeyWriter(stackalloc byte[KeyWriter.ScratchLength]);
        try
        {
            table.Shape.WriteKey(ref key, values);
            return key.Written.ToArray();
        }
        finally
        {
            key.Dispose();
        }
    }

    public static byte[] EncodeRow(TableSchema table, ReadOnlySpan<SqlValue> values)
    {
        var row = new RowWriter(stackalloc byte[RowWriter.ScratchLength]);
        try
        {
            row.Write(table.Shape, values);
            return row.Written.ToArray();
        }
        finally
        {
            row.Dispose();
        }
    }

    /// <summary>The error for a key that is there already.</summary>
    public static LsmException KeyExists(TableSchema table, ReadOnlySpan<SqlValue> values)
    {
        var names = string.Join(", ", table.KeyColumns.Select(static column => column.Name));
        var key = new List<string>();
        foreach (var column in table.KeyColumns)
        {
            key.Add(ExpressionText.Literal(values[column.Ordinal]));
        }

        return new LsmException(
            LsmErrorCode.UniqueViolation,
            $"Table '{table.Name}' has a row with the key ({names}) = ({string.Join(", ", key)})",
            hint: "UPSERT overwrites, and ON CONFLICT says what else to do");
    }

    /// <summary>The error for an encoded key that is there already.</summary>
    public static LsmException KeyExists(TableSchema table, byte[] key)
    {
        var reader = new RowReader(table.Shape);
        reader.LoadKey(key);
        var values = new SqlValue[table.Columns.Count];
        foreach (var column in table.KeyColumns)
        {
            if (!reader.TryGetValue(column.Ordinal, out values[column.Ordinal]))
            {
                values[column.Ordinal] = SqlValue.FromBlob(key);
            }
        }

        return KeyExists(table, values);
    }
}
