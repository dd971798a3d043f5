using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Planning;

/// <summary>CREATE TABLE: from a declaration to a schema that makes sense.</summary>
internal static class DefinitionBinder
{
    public static CreateTablePlan Bind(CreateTableStatement statement)
    {
        if (statement.Columns.Count > TableSchema.MaxColumns)
        {
            throw ExpressionBinder.Error(LsmErrorCode.LimitExceeded, $"A table has at most {TableSchema.MaxColumns} columns, not {statement.Columns.Count}", statement.At);
        }

        var key = KeyOf(statement);
        var columns = new List<ColumnSchema>(statement.Columns.Count);
        foreach (var definition in statement.Columns)
        {
            if (columns.Exists(column => IsName(column.Name, definition.Name)))
            {
                throw ExpressionBinder.Error(LsmErrorCode.DuplicateColumn, $"'{definition.Name}' is declared twice", definition.At);
            }

            var position = key.FindIndex(name => IsName(name, definition.Name));
            columns.Add(new ColumnSchema(
                definition.Name,
                columns.Count,
                definition.Type.Type,
                Nullable: !definition.NotNull && position < 0,
                position,
                definition.Type.Precision,
                definition.Type.Scale,
                definition.Type.Length));
        }

        var keyColumns = columns.Where(static column => column.IsKey).OrderBy(static column => column.KeyPosition).ToArray();
        return new CreateTablePlan(new TableSchema(0, statement.Table.Name, columns, keyColumns), statement.IfNotExists);
    }

    private static List<string> KeyOf(CreateTableStatement statement)
    {
        var marked = statement.Columns.Where(static column => column.PrimaryKey).ToArray();
        if (marked.Length + (statement.PrimaryKey.Count > 0 ? 1 : 0) != 1)
        {
            throw ExpressionBinder.Error(
                LsmErrorCode.InvalidDefinition,
                marked.Length + statement.PrimaryKey.Count == 0 ? $"Table '{statement.Table.Name}' has no primary key" : $"Table '{statement.Table.Name}' has more than one primary key",
                statement.At,
                "write PRIMARY KEY after one column, or PRIMARY KEY (a, b) after the last");
        }

        if (marked.Length == 1)
        {
            return [marked[0].Name];
        }

        var key = new List<string>();
        foreach (var name in statement.PrimaryKey)
        {
            if (!statement.Columns.Any(column => IsName(column.Name, name.Name)))
            {
                throw ExpressionBinder.Error(LsmErrorCode.InvalidDefinition, $"The primary key names '{name.Name}', which is no column", name.At);
            }

            if (key.Exists(earlier => IsName(earlier, name.Name)))
            {
                throw ExpressionBinder.Error(LsmErrorCode.InvalidDefinition, $"The primary key names '{name.Name}' twice", name.At);
            }

            key.Add(name.Name);
        }

        return key.Count <= TableSchema.MaxKeyColumns
            ? key
            : throw ExpressionBinder.Error(LsmErrorCode.LimitExceeded, $"A primary key has at most {TableSchema.MaxKeyColumns} columns, not {key.Count}", statement.PrimaryKey[TableSchema.MaxKeyColumns].At);
    }

    private static bool IsName(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
