using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Generators;

/// <summary>Random conditions, of which many can be answered from keys.</summary>
internal sealed class Conditions(Draw draw, Values values, Expressions expressions)
{
    private static readonly string[] s_comparisons = ["=", "<>", "<", "<=", ">", ">="];

    public Sql Of(Scope scope, int depth)
    {
        if (depth <= 0)
        {
            return Test(scope, 0);
        }

        return draw.Between(0, 11) switch
        {
            0 or 1 => Sql.Of($"({Of(scope, depth - 1)} AND {Of(scope, depth - 1)})"),
            2 or 3 => Sql.Of($"({Of(scope, depth - 1)} OR {Of(scope, depth - 1)})"),
            4 => Sql.Of($"(NOT {Of(scope, depth - 1)})"),
            5 => Sql.Of($"(({Of(scope, depth - 1)}) = ({Test(scope, 0)}))"),
            _ => Test(scope, depth - 1),
        };
    }

    /// <summary>A condition for WHERE: often one that begins with the key.</summary>
    public Sql Where(Table table, string qualifier = "")
    {
        var scope = new Scope(table, qualifier);
        return draw.Between(0, 9) switch
        {
            < 5 => OnKey(table, scope),
            < 7 => Sql.Of($"{OnKey(table, scope)} AND {Of(scope, 1)}"),
            _ => Of(scope, 3),
        };
    }

    private Sql OnKey(Table table, Scope scope)
    {
        if (table.Key.Count > 1 && draw.Percent(25))
        {
            return OnRows(table, scope);
        }

        var terms = new List<Sql>();
        foreach (var column in table.Key.Take(draw.Between(1, table.Key.Count)))
        {
            var name = scope.Name(column, draw);
            terms.Add(terms.Count + 1 == table.Key.Count ? Interval(column, scope)
                : draw.Between(0, 9) switch
                {
                    < 5 => Sql.Of($"{name} = {Bound(column)}"),
                    < 8 => Sql.Of($"{name} IN ({List(column.Kind, Scope.None)})"),
                    _ => Interval(column, scope),
                });
        }

        return Sql.Join(" AND ", terms);
    }

    private Sql Interval(Column column, Scope scope)
    {
        var name = scope.Name(column, draw);
        return draw.Between(0, 8) switch
        {
            0 => Sql.Of($"{name} BETWEEN {Bound(column)} AND {Bound(column)}"),
            1 => Sql.Of($"{name} IN ({List(column.Kind, scope)})"),
            2 => Sql.Of($"({name} = {Bound(column)} OR {name} = {Bound(column)})"),
            3 => Sql.Of($"{name} > {Bound(column)} AND {name} <= {Bound(column)}"),
            4 when column.Kind == Kind.Text => Sql.Of($"{name} LIKE {values.Pattern()}"),
            5 => Sql.Of($"{Bound(column)} {draw.Of(s_comparisons)} {name}"),
            _ => Sql.Of($"{name} {draw.Of(s_comparisons)} {Bound(column)}"),
        };
    }

    private Sql OnRows(Table table, Scope scope)
    {
        var key = table.Key.Skip(draw.Percent(80) ? 0 : 1).ToArray();
        key = [.. key.Take(draw.Between(1, key.Length))];
        if (key.Length < 2)
        {
            return Interval(key[0], scope);
        }

        var names = Sql.Join(", ", key.Select(column => scope.Name(column, draw)));
        if (draw.Percent(60))
        {
            return Sql.Of($"({names}) {draw.Of(s_comparisons)} ({Row(key)})");
        }

        var rows = Sql.Join(", ", Enumerable.Range(0, draw.Between(1, 3)).Select(_ => Sql.Of($"({Row(key)})")));
        return Sql.Of($"({names}){(draw.Percent(20) ? " NOT" : "")} IN ({Sql.Spelt("", "VALUES ", "")}{rows})");
    }

    private Sql Row(Column[] columns) => Sql.Join(", ", columns.Select(column => values.LiteralOrNull(column.Kind)));

    private Sql Bound(Column column) => Kinds.IsNumber(column.Kind) && draw.Percent(15) ? values.OddNumber() : values.LiteralOrNull(column.Kind);

    private Sql List(Kind kind, Scope scope)
    {
        var items = Enumerable.Range(0, draw.Percent(5) ? 25 : draw.Between(1, 4)).Select(_ => draw.Percent(85) ? values.LiteralOrNull(kind) : expressions.Of(kind, scope, 1));
        return Sql.Join(", ", items);
    }

    private Sql Test(Scope scope, int depth)
    {
        var kind = draw.Of(Kinds.All);
        switch (draw.Between(0, 11))
        {
            case 0:
                return Sql.Of($"{expressions.Of(kind, scope, depth)} IS {(draw.Percent(50) ? "NOT " : "")}NULL");
            case 1:
                return Sql.Of($"{expressions.Of(kind, scope, depth)}{Not()} IN ({List(kind, scope)})");
            case 2:
                return Sql.Of($"{expressions.Of(kind, scope, depth)}{Not()} BETWEEN {expressions.Of(kind, scope, depth)} AND {values.LiteralOrNull(kind)}");
            case 3:
                return Sql.Of($"{expressions.Of(Kind.Text, scope, depth)}{Not()} LIKE {values.Pattern()}");
            case 4:
                return Sql.Of($"{expressions.Of(Kind.Text, scope, depth)}{Not()} LIKE 'a!{draw.Of(["%", "_", "!"])}{draw.Of(["%", "_", "b"])}' ESCAPE '!'");
            case 5 when scope.Columns.Any(static column => column.Kind == Kind.Boolean):
                return expressions.Of(Kind.Boolean, scope, 0);
            case 6:
                return Sql.Words(draw.Of(["TRUE", "FALSE", "1 = 1", "1 = 0", "NULL IS NULL"]));
            case 7:
                var (first, second) = (draw.Of(Kinds.All), draw.Of(Kinds.All));
                return Sql.Of($"({expressions.Of(first, scope, 0)}, {expressions.Of(second, scope, 0)}) {draw.Of(s_comparisons)} ({expressions.Of(first, scope, 0)}, {expressions.Of(second, scope, 0)})");
            case 8:
                return Sql.Of($"{expressions.Of(draw.Of(Kinds.Numbers), scope, depth)} {draw.Of(s_comparisons)} {expressions.Of(draw.Of(Kinds.Numbers), scope, depth)}");
            default:
                return Sql.Of($"{expressions.Of(kind, scope, depth)} {draw.Of(s_comparisons)} {expressions.Of(kind, scope, depth)}");
        }
    }

    private string Not() => draw.Percent(30) ? " NOT" : "";
}
