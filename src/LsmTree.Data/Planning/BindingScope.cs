using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Planning;

/// <summary>What names mean at one place of a statement.</summary>
internal sealed class BindingScope
{
    /// <summary>The table whose columns may be named; null where there is none.</summary>
    public TableSchema? Table { get; init; }

    /// <summary>The name by which the table goes in this statement, when it was given one.</summary>
    public string? Alias { get; init; }

    /// <summary>True inside ON CONFLICT DO UPDATE.</summary>
    public bool HasExcluded { get; init; }

    /// <summary>Where aggregates of the select list are collected; null where none may stand.</summary>
    public List<AggregateCall>? Aggregates { get; init; }

    /// <summary>The clause, for messages: "WHERE".</summary>
    public required string Clause { get; init; }

    public BoundExpression Column(ColumnExpression column)
    {
        if (Table is null)
        {
            throw new LsmException(LsmErrorCode.UndefinedColumn, $"There is no column '{column.Name}' here: the statement reads no table", column.At.Line, column.At.Column);
        }

        if (column.Excluded)
        {
            if (!HasExcluded)
            {
                throw new LsmException(LsmErrorCode.UndefinedTable, "EXCLUDED has a meaning in ON CONFLICT … DO UPDATE only", column.At.Line, column.At.Column);
            }

            var proposed = Find(column.Name, column.At);
            return new ExcludedValue(proposed.Ordinal, proposed.Type, proposed.Name);
        }

        if (column.Table is { } qualifier && !IsTable(qualifier))
        {
            throw new LsmException(LsmErrorCode.UndefinedTable, $"There is no table '{qualifier}' in this statement, which reads '{Alias ?? Table.Name}'", column.At.Line, column.At.Column);
        }

        var schema = Find(column.Name, column.At);
        return new ColumnValue(schema.Ordinal, schema.Type, schema.Name);
    }

    public ColumnSchema Find(string name, SourceSpan at)
    {
        if (Table!.TryFindColumn(name, out var found))
        {
            return found;
        }

        var nearest = NearestName.Find(name, Table.Columns.Select(static column => column.Name));
        throw new LsmException(
            LsmErrorCode.UndefinedColumn,
            $"Table '{Table.Name}' has no column '{name}'",
            at.Line,
            at.Column,
            nearest is null ? $"it has {string.Join(", ", Table.Columns.Take(8).Select(static column => column.Name))}" : $"did you mean '{nearest}'?");
    }

    private bool IsTable(string qualifier) => string.Equals(qualifier, Alias ?? Table!.Name, StringComparison.OrdinalIgnoreCase);
}
