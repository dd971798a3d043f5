using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Generators;

/// <summary>Random SELECTs. Those with LIMIT are given an order that leaves nothing open, the key at its end.</summary>
internal sealed class Queries(Draw draw, Subset subset, Expressions expressions)
{
    public Statement Next(IReadOnlyList<Table> tables) => draw.Between(0, 19) switch
    {
        0 => WithoutTable(),
        < 4 => Aggregates(draw.Of(tables)),
        < 7 => Union(tables),
        < 10 => WholeRows(draw.Of(tables)),
        _ => Rows(draw.Of(tables)),
    };

    /// <summary>Everything in a table, in key order.</summary>
    public static Statement Everything(Table table) =>
        new(Sql.Of($"SELECT * FROM {table.Name} ORDER BY {string.Join(", ", table.Key.Select(static column => column.Name))}"), [.. table.Columns.Select(static column => column.Kind)]) { IsOrdered = true };

    private Statement WithoutTable()
    {
        var kinds = Kindred(draw.Between(1, 4));
        var where = draw.Percent(30) ? Sql.Of($" WHERE {expressions.Conditions.Of(Scope.None, 1)}") : Sql.Empty;
        return new Statement(Sql.Of($"SELECT {Outputs(kinds, Scope.None)}{where}"), kinds);
    }

    private Statement WholeRows(Table table)
    {
        var (order, isOrdered) = Order(table, "", []);
        return new Statement(Sql.Of($"SELECT * FROM {table.Name}{Where(table, "")}{order}"), [.. table.Columns.Select(static column => column.Kind)]) { IsOrdered = isOrdered };
    }

    private Statement Rows(Table table)
    {
        var (alias, qualifier) = draw.Percent(25) ? (draw.Of([" AS q", " q"]), "q.") : ("", draw.Percent(15) ? table.Name + "." : "");
        var kinds = Kindred(draw.Between(1, 4));
        var outputs = Outputs(kinds, new Scope(table, qualifier));
        var (order, isOrdered) = Order(table, qualifier, kinds);
        return new Statement(Sql.Of($"SELECT {outputs} FROM {table.Name}{alias}{Where(table, qualifier)}{order}"), kinds) { IsOrdered = isOrdered };
    }

    private Statement Aggregates(Table table)
    {
        var scope = new Scope(table);
        var outputs = new List<Sql>();
        var kinds = new List<Kind>();
        for (var i = draw.Between(1, 4); i > 0; i--)
        {
            var (text, kind) = Aggregate(scope);
            outputs.Add(text);
            kinds.Add(kind);
        }

        return new Statement(Sql.Of($"SELECT {Sql.Join(", ", outputs)} FROM {table.Name}{Where(table, "")}"), kinds);
    }

    private (Sql Text, Kind Kind) Aggregate(Scope scope)
    {
        switch (draw.Between(0, 6))
        {
            case 0:
                return (Sql.Words("COUNT(*)"), Kind.BigInt);
            case 1:
                return (Sql.Of($"COUNT({expressions.Of(draw.Of(Kinds.All), scope, 1)})"), Kind.BigInt);
            case 2:
                return (Sql.Of($"SUM({expressions.Of(Kind.Integer, scope, 1)})"), Kind.BigInt);
            case 3:
                var summed = draw.Of([Kind.Decimal, Kind.Double]);
                return (Sql.Of($"SUM({expressions.Of(summed, scope, 1)}) + {draw.Between(0, 3)}"), summed);
            case 4:
                var averaged = draw.Of([Kind.SmallInt, Kind.Integer, Kind.Decimal, Kind.Double]);
                return (Sql.Of($"AVG({expressions.Of(averaged, scope, 1)})"), Kind.Double);
            default:
                var kind = draw.Of(Kinds.All);
                kind = subset.HasExtremesOfEveryKind || kind is not (Kind.Boolean or Kind.Blob or Kind.Uuid) ? kind : Kind.Text;
                var argument = draw.Percent(50) && scope.Table!.Key.FirstOrDefault(column => column.Kind == kind) is { } key ? Sql.Words(key.Name) : expressions.Of(kind, scope, 1);
                return (Sql.Of($"{draw.Of(["MIN", "MAX"])}({argument})"), kind);
        }
    }

    private Statement Union(IReadOnlyList<Table> tables)
    {
        var kinds = Kindred(draw.Between(1, 3));
        var text = Core(tables, kinds);
        for (var i = draw.Between(1, 2); i > 0; i--)
        {
            text = Sql.Of($"{text} UNION{(draw.Percent(50) ? " ALL" : "")} {Core(tables, kinds)}");
        }

        if (draw.Percent(50))
        {
            return new Statement(text, kinds);
        }

        var keys = Enumerable.Range(1, kinds.Count).Select(i => Directed(Sql.Words(i.ToString(CultureInfo.InvariantCulture))));
        return new Statement(Sql.Of($"{text} ORDER BY {Sql.Join(", ", keys)}{Limit()}"), kinds) { IsOrdered = true };
    }

    private Sql Core(IReadOnlyList<Table> tables, IReadOnlyList<Kind> kinds)
    {
        if (draw.Percent(25))
        {
            return Sql.Of($"SELECT {Outputs(kinds, Scope.None)}");
        }

        var table = draw.Of(tables);
        return Sql.Of($"SELECT {Outputs(kinds, new Scope(table))} FROM {table.Name}{Where(table, "")}");
    }

    private List<Kind> Kindred(int count) => [.. Enumerable.Range(0, count).Select(_ => draw.Of(Kinds.All))];

    private Sql Outputs(IReadOnlyList<Kind> kinds, Scope scope) =>
        Sql.Join(", ", kinds.Select((kind, i) => Sql.Of($"{expressions.Of(kind, scope, 2)}{(draw.Percent(80) ? " AS" : "")} x{i}")));

    private Sql Where(Table table, string qualifier) => draw.Percent(20) ? Sql.Empty : Sql.Of($" WHERE {expressions.Conditions.Where(table, qualifier)}");

    /// <summary>ORDER BY and LIMIT, or neither.</summary>
    private (Sql Text, bool IsOrdered) Order(Table table, string qualifier, IReadOnlyList<Kind> outputs)
    {
        if (draw.Percent(35))
        {
            return (Sql.Empty, false);
        }

        var direction = draw.Of(["", " ASC", " DESC"]);
        var key = table.Key.Select(column => Sql.Words(qualifier + column.Name + direction)); // one direction: the order of the key, or its reverse
        var keys = draw.Percent(50) ? key : Earlier().Concat(table.Key.Select(column => Directed(Sql.Words(qualifier + column.Name))));
        return (Sql.Of($" ORDER BY {Sql.Join(", ", keys)}{Limit()}"), true);

        IEnumerable<Sql> Earlier()
        {
            var scope = new Scope(table, qualifier);
            var kind = draw.Of(Kinds.All);
            yield return Directed(
                outputs.Count > 0 && draw.Percent(40) ? Sql.Words(draw.Percent(50) ? "1" : "x0")
                : draw.Percent(50) ? Sql.Words(qualifier + draw.Of(table.Columns).Name)
                : Sql.Of($"COALESCE({expressions.Of(kind, scope, 2)}, {expressions.Of(kind, scope, 0)})")); // a bare number would be a column's
        }
    }

    /// <summary>NULL comes last in LsmTree and PostgreSQL, and first in SQLite unless told.</summary>
    private Sql Directed(Sql item) => draw.Percent(50)
        ? Sql.Of($"{item}{Sql.Spelt("", " NULLS LAST", "")}")
        : Sql.Of($"{item} DESC{Sql.Spelt("", " NULLS FIRST", "")}");

    private Sql Limit() => draw.Between(0, 5) switch
    {
        0 => Sql.Of($" LIMIT {draw.Between(0, 10)}"),
        1 => Sql.Of($" LIMIT {draw.Between(0, 10)} OFFSET {draw.Between(0, 5)}"),
        2 => Sql.Of($"{Sql.Spelt("", " LIMIT -1", "")} OFFSET {draw.Between(0, 8)}"),
        _ => Sql.Empty,
    };
}
