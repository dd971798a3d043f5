namespace LsmTree.Cli.Results;

/// <summary>Rows gathered to be laid out together: at most <see cref="Max"/>, so that a result of any size is written in bounded memory.</summary>
internal sealed class TableRows
{
    public const int Max = 1000;

    private readonly List<Cell[]> _rows = [];

    public IReadOnlyList<string> Columns { get; private set; } = [];

    public IReadOnlyList<Cell[]> Pending => _rows;

    public bool IsFull => _rows.Count == Max;

    public long Total { get; private set; }

    public void Begin(IReadOnlyList<string> columns)
    {
        Columns = columns;
        Total = 0;
        _rows.Clear();
    }

    public void Add(object?[] values)
    {
        _rows.Add(Array.ConvertAll(values, Cell.Of));
        Total++;
    }

    public void Clear() => _rows.Clear();

    /// <summary>True when every value of the column is a number or NULL.</summary>
    public bool IsNumeric(int column) => _rows.Count > 0 && _rows.TrueForAll(row => row[column].IsNumber || row[column].IsNull) && _rows.Exists(row => row[column].IsNumber);

    public string CountText() => Total == 1 ? "(1 row)" : FormattableString.Invariant($"({Total:N0} rows)");
}
