using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Planning;

/// <summary>
/// Takes the tightest interval of keys out of a condition. What stands in its top-level AND and compares key columns with values that no row
/// changes becomes the path; the rest is the residual.
/// </summary>
/// <remarks>
/// <code>
/// key (a, b)    a = 1 AND b = 2             point
///               a = 1 AND b IN (2, 3)       points
///               a = 1 AND b &gt; 2 AND v = 5   range: prefix a, bound b; residual v = 5
///               (a, b) &gt; (1, 2)             range: bound (a, b)
///               b = 2                       whole table; residual b = 2
/// </code>
/// </remarks>
internal sealed class AccessPlanner
{
    private readonly TableSchema _table;
    private readonly List<BoundExpression> _open; // conjuncts that no path has settled yet
    private readonly List<BoundExpression> _prefix = [];

    private AccessPlanner(TableSchema table, List<BoundExpression> conjuncts)
    {
        _table = table;
        _open = conjuncts;
    }

    public static TableAccess Plan(TableSchema table, BoundExpression? condition, ScanOrder order)
    {
        var guards = new List<BoundExpression>();
        var conjuncts = new List<BoundExpression>();
        foreach (var term in condition is Conjunction conjunction ? conjunction.Terms : condition is null ? [] : [condition])
        {
            switch (term)
            {
                case Constant { Type: SqlType.Boolean, Value.IsNull: false } constant when constant.Value.AsBoolean():
                    break;
                case Constant { Type: SqlType.Boolean or SqlType.Null }:
                    return new TableAccess(table, new EmptyPath(), null, null, order);
                default:
                    (term.IsFixed ? guards : conjuncts).Add(term);
                    break;
            }
        }

        var planner = new AccessPlanner(table, conjuncts);
        var path = planner.FindPath();
        return new TableAccess(table, path, Conjunction.Of(guards), Conjunction.Of(planner._open), order);
    }

    /// <summary>The key columns that a path fixes to one value, from the first on.</summary>
    public static int FixedColumns(AccessPath path) => path is RangePath range ? range.Prefix.Count : 0;

    private AccessPath FindPath()
    {
        var key = _table.KeyColumns;
        while (_prefix.Count < key.Count && TakeEquality(key[_prefix.Count]) is { } value)
        {
            _prefix.Add(value);
        }

        if (_prefix.Count == key.Count)
        {
            return new PointPath(_prefix);
        }

        return (AccessPath?)TakePoints() ?? TakeRange(key[_prefix.Count]);
    }

    private BoundExpression? TakeEquality(ColumnSchema column)
    {
        foreach (var term in _open)
        {
            if (term is ComparisonTest { Comparison: BinaryOperator.Equal } test && ValueBeside(test, column) is { } value)
            {
                _open.Remove(term);
                return value;
            }
        }

        return null;
    }

    private MultiPointPath? TakePoints()
    {
        var rest = _table.KeyColumns.Skip(_prefix.Count).ToArray();
        foreach (var term in _open)
        {
            IEnumerable<IReadOnlyList<BoundExpression>>? tails = term switch
            {
                MembershipTest test when rest.Length == 1 && IsColumn(test.Operand, rest[0]) && test.Items.All(static item => item.IsFixed)
                    => test.Items.Select(static item => (IReadOnlyList<BoundExpression>)[item]),
                RowMembershipTest test when AreColumns(test.Equalities[0].Left, rest) && test.Equalities.All(static row => row.Right.All(static item => item.IsFixed))
                    => test.Equalities.Select(static row => row.Right),
                _ => null,
            };
            if (tails is not null)
            {
                _open.Remove(term);
                return new MultiPointPath([.. tails.Select(tail => (IReadOnlyList<BoundExpression>)[.. _prefix, .. tail])]);
            }
        }

        return null;
    }

    private RangePath TakeRange(ColumnSchema column)
    {
        var lower = new List<KeyBound>();
        var upper = new List<KeyBound>();
        PatternTest? like = null;
        for (var i = 0; i < _open.Count;)
        {
            if (_open[i] is PatternTest pattern && like is null && IsLikeBound(pattern, column))
            {
                like = pattern;
                if (IsSettledByPrefix(pattern))
                {
                    _open.RemoveAt(i);
                    continue;
                }
            }
            else if (TakeBounds(_open[i], column, lower, upper))
            {
                _open.RemoveAt(i);
                continue;
            }

            i++;
        }

        return new RangePath(_prefix, lower, upper, like);
    }

    private bool TakeBounds(BoundExpression term, ColumnSchema column, List<KeyBound> lower, List<KeyBound> upper)
    {
        switch (term)
        {
            case RangeTest test when IsColumn(test.Operand, column) && test.Low.IsFixed && test.High.IsFixed:
                lower.Add(new KeyBound([test.Low], Inclusive: true));
                upper.Add(new KeyBound([test.High], Inclusive: true));
                return true;
            case ComparisonTest test when test.Comparison != BinaryOperator.NotEqual && ValueBeside(test, column) is { } value:
                AddBound(IsColumn(test.Left, column) ? test.Comparison : Relation.Mirror(test.Comparison), [value], lower, upper);
                return true;
            case RowComparisonTest test when test.Comparison != BinaryOperator.NotEqual:
                var rest = _table.KeyColumns.Skip(_prefix.Count).ToArray();
                if (BeginKey(test.Left, rest) && test.Right.All(static item => item.IsFixed))
                {
                    AddBound(test.Comparison, test.Right, lower, upper);
                    return true;
                }

                if (BeginKey(test.Right, rest) && test.Left.All(static item => item.IsFixed))
                {
                    AddBound(Relation.Mirror(test.Comparison), test.Left, lower, upper);
                    return true;
                }

                return false;
            default:
                return false;
        }
    }

    private static void AddBound(BinaryOperator comparison, IReadOnlyList<BoundExpression> values, List<KeyBound> lower, List<KeyBound> upper)
    {
        var bound = new KeyBound(values, comparison is BinaryOperator.GreaterOrEqual or BinaryOperator.LessOrEqual or BinaryOperator.Equal);
        if (comparison is BinaryOperator.Greater or BinaryOperator.GreaterOrEqual or BinaryOperator.Equal)
        {
            lower.Add(bound);
        }

        if (comparison is BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Equal)
        {
            upper.Add(bound);
        }
    }

    private static bool IsLikeBound(PatternTest pattern, ColumnSchema column) =>
        column.Type is SqlType.Text or SqlType.Blob or SqlType.Any && IsColumn(pattern.Operand, column) && pattern.HasFixedPattern;

    /// <summary>True for a constant pattern such as 'p%', which every key in its range matches.</summary>
    private static bool IsSettledByPrefix(PatternTest pattern) =>
        !pattern.Inputs.HasFlag(ExpressionInputs.Parameters)
        && pattern.ParsePattern(EvaluationFrame.Empty) is { IsPrefixOnly: true };

    private static BoundExpression? ValueBeside(ComparisonTest test, ColumnSchema column) =>
        IsColumn(test.Left, column) && test.Right.IsFixed ? test.Right
        : IsColumn(test.Right, column) && test.Left.IsFixed ? test.Left
        : null;

    private static bool IsColumn(BoundExpression operand, ColumnSchema column) => operand is ColumnValue value && value.Ordinal == column.Ordinal;

    private static bool AreColumns(IReadOnlyList<BoundExpression> operands, ColumnSchema[] columns) =>
        operands.Count == columns.Length && BeginKey(operands, columns);

    private static bool BeginKey(IReadOnlyList<BoundExpression> operands, ColumnSchema[] columns)
    {
        for (var i = 0; i < operands.Count; i++)
        {
            if (i >= columns.Length || !IsColumn(operands[i], columns[i]))
            {
                return false;
            }
        }

        return true;
    }
}
