namespace LsmTree.Data.Differential.Statements;

/// <summary>A table as the generator knows it.</summary>
internal sealed record Table(string Name, IReadOnlyList<Column> Columns, IReadOnlyList<Column> Key)
{
    public IEnumerable<Column> Values => Columns.Where(static column => !column.IsKey);

    /// <summary>The declaration. NOT NULL is spelt out for the key, and SQLite gets no row id, which would fill in a NULL key by itself.</summary>
    public Sql Declaration()
    {
        var columns = Columns.Select(static column => Sql.Of($"{column.Name} {Sql.Type(column.Kind)}{(column.IsNullable ? "" : " NOT NULL")}"));
        var key = string.Join(", ", Key.Select(static column => column.Name));
        return Sql.Of($"CREATE TABLE {Name} ({Sql.Join(", ", columns)}, PRIMARY KEY ({key})){Sql.Spelt("", " WITHOUT ROWID", "")}");
    }
}
