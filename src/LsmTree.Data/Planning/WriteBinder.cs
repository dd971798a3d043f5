using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Planning;

/// <summary>INSERT, UPDATE and DELETE.</summary>
internal sealed class WriteBinder(Catalogue catalogue, ParameterSlots slots)
{
    public InsertPlan Bind(InsertStatement statement)
    {
        var table = TableBinder.Find(catalogue, statement.Table);
        var ordinals = BindTargets(table, statement.Columns);
        var values = new ExpressionBinder(new BindingScope { Clause = "VALUES" }, slots);
        var rows = new List<BoundExpression?[]>(statement.Rows.Count);
        foreach (var row in statement.Rows)
        {
            if (row.Count != ordinals.Length)
            {
                throw ExpressionBinder.Error(
                    LsmErrorCode.Syntax, $"INSERT names {ordinals.Length} columns and gives {row.Count} values", row.Count > 0 ? row[0].At : statement.At);
            }

            var bound = new BoundExpression?[table.Columns.Count];
            for (var i = 0; i < ordinals.Length; i++)
            {
                bound[ordinals[i]] = values.Bind(row[i]);
            }

            rows.Add(bound);
        }

        CheckConflictColumns(table, statement);
        var conflictScope = new BindingScope { Table = table, Alias = statement.Table.Alias, HasExcluded = true, Clause = "DO UPDATE" };
        var assignments = BindAssignments(table, statement.ConflictAssignments, conflictScope);
        if (assignments.Find(static assignment => assignment.Column.IsKey) is { } moved)
        {
            throw ExpressionBinder.Error(
                LsmErrorCode.NotSupported, $"DO UPDATE sets '{moved.Column.Name}', a column of the key", statement.At, "use UPDATE to move a row to another key");
        }

        return new InsertPlan(table, statement.Conflict, rows, assignments, BindReturning(table, statement.Table, statement.Returning));
    }

    public UpdatePlan Bind(UpdateStatement statement)
    {
        var table = TableBinder.Find(catalogue, statement.Table);
        var scope = new BindingScope { Table = table, Alias = statement.Table.Alias, Clause = "SET" };
        var assignments = BindAssignments(table, statement.Assignments, scope);
        return new UpdatePlan(
            BindAccess(table, statement.Table, statement.Where),
            assignments,
            assignments.Exists(static assignment => assignment.Column.IsKey),
            BindReturning(table, statement.Table, statement.Returning));
    }

    public DeletePlan Bind(DeleteStatement statement)
    {
        var table = TableBinder.Find(catalogue, statement.Table);
        return new DeletePlan(BindAccess(table, statement.Table, statement.Where), BindReturning(table, statement.Table, statement.Returning));
    }

    private TableAccess BindAccess(TableSchema table, TableName name, Expression? where)
    {
        var scope = new BindingScope { Table = table, Alias = name.Alias, Clause = "WHERE" };
        var condition = where is null ? null : new ExpressionBinder(scope, slots).BindCondition(where);
        return AccessPlanner.Plan(table, condition, ScanOrder.Ascending);
    }

    private OutputList BindReturning(TableSchema table, TableName name, IReadOnlyList<SelectItem> items) => items.Count == 0
        ? OutputList.None
        : OutputBinder.Bind(items, new ExpressionBinder(new BindingScope { Table = table, Alias = name.Alias, Clause = "RETURNING" }, slots));

    private List<ColumnAssignment> BindAssignments(TableSchema table, IReadOnlyList<Assignment> assignments, BindingScope scope)
    {
        var binder = new ExpressionBinder(scope, slots);
        var bound = new List<ColumnAssignment>(assignments.Count);
        foreach (var assignment in assignments)
        {
            var column = scope.Find(assignment.Column.Name, assignment.Column.At);
            if (bound.Exists(earlier => earlier.Column.Ordinal == column.Ordinal))
            {
                throw ExpressionBinder.Error(LsmErrorCode.DuplicateColumn, $"'{column.Name}' is set twice", assignment.Column.At);
            }

            bound.Add(new ColumnAssignment(column, binder.Bind(assignment.Value)));
        }

        return bound;
    }

    private static int[] BindTargets(TableSchema table, IReadOnlyList<ColumnName> columns)
    {
        if (columns.Count == 0)
        {
            return [.. Enumerable.Range(0, table.Columns.Count)];
        }

        var scope = new BindingScope { Table = table, Clause = "INSERT" };
        var ordinals = new int[columns.Count];
        for (var i = 0; i < ordinals.Length; i++)
        {
            var column = scope.Find(columns[i].Name, columns[i].At);
            if (ordinals.AsSpan(0, i).Contains(column.Ordinal))
            {
                throw ExpressionBinder.Error(LsmErrorCode.DuplicateColumn, $"'{column.Name}' is named twice", columns[i].At);
            }

            ordinals[i] = column.Ordinal;
        }

        return ordinals;
    }

    private static void CheckConflictColumns(TableSchema table, InsertStatement statement)
    {
        if (statement.ConflictColumns.Count == 0)
        {
            return;
        }

        var scope = new BindingScope { Table = table, Clause = "ON CONFLICT" };
        var named = statement.ConflictColumns.Select(name => scope.Find(name.Name, name.At).Ordinal).ToHashSet();
        if (!named.SetEquals(table.KeyColumns.Select(static column => column.Ordinal)))
        {
            throw ExpressionBinder.Error(
                LsmErrorCode.InvalidDefinition,
                $"ON CONFLICT names what is unique, and that is the key of '{table.Name}'",
                statement.ConflictColumns[0].At,
                $"write ON CONFLICT ({string.Join(", ", table.KeyColumns.Select(static column => column.Name))})");
        }
    }
}
