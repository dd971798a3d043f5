using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Generators;

/// <summary>Random expressions of a wanted kind.</summary>
/// <remarks>
/// Nothing here fails: which rows and which branches a database computes before it notices an error is its own affair. Numbers stay small, so
/// that no database leaves its exact range: sums of a few leaves, products of two, fractions that are quarters. <see cref="Computations"/> fail.
/// </remarks>
internal sealed class Expressions
{
    private readonly Draw _draw;
    private readonly Values _values;
    private readonly Subset _subset;
    private readonly Conditions _conditions;

    public Expressions(Draw draw, Values values, Subset subset)
    {
        _draw = draw;
        _values = values;
        _subset = subset;
        _conditions = new Conditions(draw, values, this);
    }

    public Conditions Conditions => _conditions;

    public Sql Of(Kind kind, Scope scope, int depth)
    {
        if (depth <= 0 || _draw.Percent(25))
        {
            return Leaf(kind, scope);
        }

        return _draw.Between(0, 9) switch
        {
            0 or 1 => Case(kind, scope, depth - 1),
            2 => Sql.Of($"COALESCE({Of(kind, scope, depth - 1)}, {Of(kind, scope, depth - 1)})"),
            _ => Compound(kind, scope, depth - 1),
        };
    }

    /// <summary>What a column may be set to, over and over: no text grows without end, and no number.</summary>
    public Sql Assignable(Column column, Scope scope)
    {
        if (column.IsNullable && _draw.Percent(10))
        {
            return _draw.Percent(50) ? Sql.Words("NULL") : _values.Null(column.Kind);
        }

        return column.Kind switch
        {
            _ when _draw.Percent(45) => _values.Literal(column.Kind),
            Kind.SmallInt => Sql.Of($"(({Of(Kind.Integer, scope, 2)}) % 10)"),
            Kind.Integer or Kind.BigInt => Sql.Of($"(({Of(column.Kind, scope, 2)}) % 1000)"),
            Kind.Text => Sql.Of($"SUBSTR({Of(Kind.Text, scope, 2)}, 1, 12)"),
            Kind.Blob or Kind.Decimal or Kind.Double => Case(column.Kind, scope, 0),
            _ => Of(column.Kind, scope, 2),
        };
    }

    private Sql Leaf(Kind kind, Scope scope)
    {
        var columns = scope.Columns.Where(column => Kinds.Fits(column.Kind, kind)).ToArray();
        return columns.Length > 0 && _draw.Percent(65) ? scope.Name(_draw.Of(columns), _draw) : _values.LiteralOrNull(kind);
    }

    private Sql Case(Kind kind, Scope scope, int depth)
    {
        var otherwise = _draw.Percent(70) ? Sql.Of($" ELSE {Of(kind, scope, depth)}") : Sql.Empty;
        if (_draw.Percent(50))
        {
            return Sql.Of($"CASE WHEN {_conditions.Of(scope, depth)} THEN {Of(kind, scope, depth)}{otherwise} END");
        }

        var operand = _draw.Of(Kinds.All);
        return Sql.Of($"CASE {Leaf(operand, scope)} WHEN {_values.Literal(operand)} THEN {Of(kind, scope, depth)} WHEN {Leaf(operand, scope)} THEN {Leaf(kind, scope)}{otherwise} END");
    }

    private Sql Compound(Kind kind, Scope scope, int depth) => kind switch
    {
        Kind.SmallInt => Leaf(kind, scope),
        Kind.Integer or Kind.BigInt => IntegerOf(kind, scope, depth),
        Kind.Decimal or Kind.Double => FractionOf(kind, scope, depth),
        Kind.Text => TextOf(scope, depth),
        Kind.Blob => BlobOf(scope, depth),
        Kind.Boolean => Sql.Of($"({_conditions.Of(scope, depth)})"),
        Kind.Date when _subset.HasMoments => Sql.Of($"({Leaf(Kind.Date, scope)} {_draw.Of(["+", "-"])} {Leaf(Kind.Integer, scope)})"),
        Kind.Timestamp when _subset.HasMoments => Sql.Of($"CAST({Leaf(Kind.Date, scope)} AS TIMESTAMP)"),
        _ => Leaf(kind, scope),
    };

    private Sql IntegerOf(Kind kind, Scope scope, int depth) => _draw.Between(0, 9) switch
    {
        0 => Sql.Of($"({Leaf(Kind.SmallInt, scope)} * {Leaf(Kind.SmallInt, scope)})"),
        1 => Sql.Of($"({Of(kind, scope, depth)} / {Divisor()})"),
        2 => Sql.Of($"({Of(kind, scope, depth)} % {Divisor()})"),
        3 => Sql.Of($"(- {Of(kind, scope, depth)})"),
        4 => Sql.Of($"LENGTH({Of(_draw.Of([Kind.Text, Kind.Blob]), scope, depth)})"),
        5 => Sql.Of($"CAST({Of(Kind.Boolean, scope, depth)} AS INTEGER)"),
        6 => Sql.Of($"CAST(CAST({Leaf(Kind.Integer, scope)} AS TEXT) AS INTEGER)"),
        7 when _subset.RoundsInCasts => Sql.Of($"CAST({Leaf(_draw.Of([Kind.Decimal, Kind.Double]), scope)} AS INTEGER)"),
        8 when _subset.HasMoments => Sql.Of($"({Leaf(Kind.Date, scope)} - {Leaf(Kind.Date, scope)})"),
        _ => Sql.Of($"({Of(kind, scope, depth)} {_draw.Of(["+", "-"])} {Of(kind, scope, depth)})"),
    };

    private Sql FractionOf(Kind kind, Scope scope, int depth) => _draw.Between(0, 5) switch
    {
        0 => Sql.Of($"({Leaf(kind, scope)} * {Leaf(kind, scope)})"),
        1 => Sql.Of($"(- {Of(kind, scope, depth)})"),
        2 => Sql.Of($"CAST({Leaf(Kind.Integer, scope)} AS {Sql.Type(kind)})"),
        3 => Sql.Of($"({Leaf(kind, scope)} + {Leaf(Kind.Integer, scope)})"),
        _ => Sql.Of($"({Of(kind, scope, depth)} {_draw.Of(["+", "-"])} {Of(kind, scope, depth)})"),
    };

    private Sql TextOf(Scope scope, int depth) => _draw.Between(0, 7) switch
    {
        0 => Sql.Of($"LOWER({Of(Kind.Text, scope, depth)})"),
        1 => Sql.Of($"UPPER({Of(Kind.Text, scope, depth)})"),
        2 => Sql.Of($"SUBSTR({Of(Kind.Text, scope, depth)}, {Start()}, {_draw.Between(0, 3)})"),
        3 => Sql.Of($"SUBSTR({Of(Kind.Text, scope, depth)}, {Start()})"),
        4 => Sql.Of($"CAST({Leaf(_draw.Of([Kind.Integer, Kind.BigInt, Kind.Date, Kind.Time, Kind.Timestamp, Kind.Uuid]), scope)} AS TEXT)"),
        5 => HexOf(Leaf(Kind.Blob, scope)),
        _ => Sql.Of($"({Leaf(Kind.Text, scope)} || {Of(Kind.Text, scope, depth)})"),
    };

    private Sql BlobOf(Scope scope, int depth) => !_subset.HasBlobFunctions ? Leaf(Kind.Blob, scope) : _draw.Percent(50)
        ? Sql.Of($"({Leaf(Kind.Blob, scope)} || {Of(Kind.Blob, scope, depth)})")
        : Sql.Of($"SUBSTR({Leaf(Kind.Blob, scope)}, {Start()}, {_draw.Between(0, 3)})");

    /// <summary>SQLite's HEX(NULL) is the empty text.</summary>
    private static Sql HexOf(Sql blob) => Sql.Spelt(
        Sql.Of($"HEX({blob})"),
        Sql.Of($"CASE WHEN {blob} IS NULL THEN NULL ELSE HEX({blob}) END"),
        Sql.Of($"UPPER(ENCODE({blob}, 'hex'))"));

    private int Start() => _subset.SubstringCountsBeforeTheText ? _draw.Between(-2, 4) : _draw.Between(1, 4);

    private Sql Divisor() => _values.Number(_draw.Of([-3, -1, 1, 2, 5]));
}
