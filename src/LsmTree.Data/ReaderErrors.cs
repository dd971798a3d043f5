using LsmTree.Data.Schemas;

namespace LsmTree.Data;

/// <summary>The exceptions of a reader, whose types ADO.NET users know by heart.</summary>
internal static class ReaderErrors
{
    public static InvalidOperationException Closed() => new("The reader is closed.");

    public static InvalidOperationException NoRow(bool isPastEnd) =>
        new(isPastEnd ? "There is no current row: the reader is past the last one." : "There is no current row yet: call Read first.");

    public static InvalidOperationException NoResult() => new("The statement gives no rows, so there are no columns.");

    /// <summary>The column at a position.</summary>
    /// <exception cref="IndexOutOfRangeException">There is none.</exception>
    public static ResultColumn At(ResultColumn[] columns, int ordinal) =>
        (uint)ordinal < (uint)columns.Length ? columns[ordinal] : throw NoColumn(ordinal, columns);

    public static Exception NoColumn(string name, ResultColumn[] columns) => columns.Length == 0
        ? NoResult()
        : OutOfRange($"There is no column '{name}'; the result has {string.Join(", ", columns.Select(static column => column.Name))}.");

    public static InvalidCastException Mismatch(ResultColumn column, string actual, Type wanted) =>
        new($"Column '{column.Name}' holds {actual}, which is not read as {wanted.Name}. GetValue gives it as it is; CAST in the statement converts.");

    private static Exception NoColumn(int ordinal, ResultColumn[] columns) => columns.Length == 0
        ? NoResult()
        : OutOfRange($"There is no column {ordinal}; the result has {columns.Length}, numbered from 0.");

#pragma warning disable CA2201 // IndexOutOfRangeException is what IDataRecord documents for an unknown column
    private static IndexOutOfRangeException OutOfRange(string message) => new(message);
#pragma warning restore CA2201
}
