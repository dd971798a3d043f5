using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Generators;

/// <summary>Random INSERT, UPSERT, UPDATE and DELETE, some of them with RETURNING, a few of them wrong.</summary>
internal sealed class Changes(Draw draw, Subset subset, Values values, Expressions expressions)
{
    public Statement Insert(Table table)
    {
        var columns = draw.Percent(50) ? table.Columns : [.. table.Key, .. draw.Some(table.Values, 0).Where(static column => true)];
        var names = draw.Percent(50) && columns.Count == table.Columns.Count && columns.SequenceEqual(table.Columns) ? "" : $" ({string.Join(", ", columns.Select(static column => column.Name))})";
        if (subset.HasUpsert && draw.Percent(25))
        {
            var verb = Sql.Spelt(draw.Of(["UPSERT INTO", "REPLACE INTO", "INSERT OR REPLACE INTO"]), "INSERT OR REPLACE INTO", "");
            return Change(table, Sql.Of($"{verb} {table.Name}{names} VALUES {Rows(columns, 3)}"));
        }

        var conflict = draw.Between(0, 3) switch
        {
            0 => Sql.Of($" ON CONFLICT{(draw.Percent(50) ? "" : Target(table))} DO NOTHING"),
            1 => Overwrite(table),
            _ => Sql.Empty,
        };
        var most = conflict.Parts.Count == 0 || subset.ConflictsWithItself ? 4 : 1;
        return Change(table, Sql.Of($"INSERT INTO {table.Name}{names} VALUES {Rows(columns, most)}{conflict}"));
    }

    public Statement Update(Table table)
    {
        var where = draw.Percent(90) ? Sql.Of($" WHERE {expressions.Conditions.Where(table)}") : Sql.Empty;
        if (draw.Percent(15))
        {
            // To one value of the key: two rows that would meet there meet in every order of updating.
            var moved = Sql.Join(", ", table.Key.Select(column => Sql.Of($"{column.Name} = {values.Literal(column.Kind)}")));
            return Change(table, Sql.Of($"UPDATE {table.Name} SET {moved}{where}"));
        }

        var changed = draw.Some(table.Values, 1);
        if (changed.Count == 0)
        {
            return Delete(table);
        }

        var scope = new Scope(table);
        var assignments = Sql.Join(", ", changed.Select(column => Sql.Of($"{column.Name} = {expressions.Assignable(column, scope)}")));
        return Change(table, Sql.Of($"UPDATE {table.Name} SET {assignments}{where}"));
    }

    public Statement Delete(Table table) => draw.Percent(4)
        ? Change(table, Sql.Of($"DELETE FROM {table.Name}{Sql.Spelt("", " WHERE TRUE", "")}")) // without a condition, SQLite counts no rows of such a table
        : Change(table, Sql.Of($"DELETE FROM {table.Name} WHERE {expressions.Conditions.Where(table)}"));

    public static Statement Truncate(Table table) => new(Sql.Of($"{Sql.Spelt("TRUNCATE TABLE", "DELETE FROM", "TRUNCATE TABLE")} {table.Name}"), []);

    /// <summary>A statement with a mistake that every database finds.</summary>
    public Statement Mistaken(Table table) => draw.Between(0, 7) switch
    {
        0 => new Statement(Sql.Of($"SELECT nowhere FROM {table.Name}"), [Kind.Integer]),
        1 => new Statement(Sql.Words("SELECT * FROM missing"), [Kind.Integer]),
        2 => Statement.Of($"UPDATE {table.Name} SET nowhere = 1"),
        3 => Statement.Of($"SELEC 1"),
        4 => new Statement(Sql.Of($"SELECT 1 UNION SELECT 1, 2"), [Kind.Integer]),
        5 => Statement.Of($"INSERT INTO {table.Name} ({table.Key[0].Name}) VALUES ({values.Literal(table.Key[0].Kind)}, 1)"),
        6 => new Statement(table.Declaration(), []),
        _ => Statement.Of($"INSERT INTO {table.Name} ({string.Join(", ", table.Key.Select(static column => column.Name))}) VALUES ({Sql.Join(", ", table.Key.Select(column => values.Null(column.Kind)))})"),
    };

    private Sql Rows(IReadOnlyList<Column> columns, int most) => Sql.Join(", ", Enumerable.Range(0, draw.Between(1, most)).Select(_ =>
        Sql.Of($"({Sql.Join(", ", columns.Select(Given))})")));

    private Sql Given(Column column) =>
        column.IsNullable && draw.Percent(15) ? Sql.Words("NULL")
        : draw.Percent(85) ? values.Literal(column.Kind)
        : expressions.Assignable(column with { IsNullable = false }, Scope.None);

    private static string Target(Table table) => $" ({string.Join(", ", table.Key.Select(static column => column.Name))})";

    private Sql Overwrite(Table table)
    {
        var changed = draw.Some(table.Values, 1);
        if (changed.Count == 0)
        {
            return Sql.Of($" ON CONFLICT{Target(table)} DO NOTHING");
        }

        var scope = new Scope(table, table.Name + ".", HasExcluded: true);
        return Sql.Of($" ON CONFLICT{Target(table)} DO UPDATE SET {Sql.Join(", ", changed.Select(column => Sql.Of($"{column.Name} = {expressions.Assignable(column, scope)}")))}");
    }

    private Statement Change(Table table, Sql text)
    {
        if (draw.Percent(80))
        {
            return new Statement(text, []) { Counts = true };
        }

        if (draw.Percent(40))
        {
            return new Statement(Sql.Of($"{text} RETURNING *"), [.. table.Columns.Select(static column => column.Kind)]);
        }

        var kinds = new[] { draw.Of(Kinds.All), draw.Of(Kinds.All) };
        var scope = new Scope(table);
        return new Statement(Sql.Of($"{text} RETURNING {expressions.Of(kinds[0], scope, 1)} AS x, {expressions.Of(kinds[1], scope, 1)} AS y"), kinds);
    }
}
