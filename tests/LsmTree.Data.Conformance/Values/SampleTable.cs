namespace LsmTree.Data.Conformance.Values;

/// <summary>A store whose table holds every sample value: a row for each kind, a column for each type.</summary>
public sealed class SampleTable : IDisposable
{
    private readonly Dictionary<(DbType Type, ValueKind Kind), DbDataReader> _rows = [];

    public SampleTable()
    {
        Connection = Provider.OpenConnection();
        Execute($"CREATE TABLE sample (kind INTEGER PRIMARY KEY, {string.Join(", ", SampleValues.All.Select(static sample => $"v{sample.Type} {sample.Name}"))});");
        foreach (var kind in Enum.GetValues<ValueKind>())
        {
            var columns = SampleValues.All.Where(sample => sample.Values.Any(value => value.Kind == kind)).ToArray();
            var names = string.Concat(columns.Select(static sample => $", v{sample.Type}"));
            var literals = string.Concat(columns.Select(sample => ", " + sample.Values.Single(value => value.Kind == kind).Literal));
            Execute($"INSERT INTO sample (kind{names}) VALUES ({(int)kind}{literals});");
        }
    }

    public DbConnection Connection { get; }

    /// <summary>A reader on the row with the value in its first column: open once, and left there.</summary>
    public DbDataReader Row(DbType type, ValueKind kind)
    {
        if (!_rows.TryGetValue((type, kind), out var reader))
        {
            reader = Connection.Command($"SELECT v{type} FROM sample WHERE kind = {(int)kind}").ExecuteReader();
            Assert.True(reader.Read());
            _rows.Add((type, kind), reader);
        }

        return reader;
    }

    public void Dispose() => Connection.Dispose();

    private void Execute(string text) => Connection.Command(text).ExecuteNonQuery();
}
