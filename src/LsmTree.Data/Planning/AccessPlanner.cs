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
///               a IN (1, 2) AND b = 3       points
///               a IN (1, 2) AND b &gt; 3       a range for each of the two
///               a = 1 AND b &gt; 2 AND v = 5   range: prefix a, bound b; residual v = 5
///               (a, b) &gt; (1, 2)             range: bound (a, b)
///               b = 2                       whole table; residual b = 2
/// </code>
/// </remarks>
internal sealed class AccessPlanner
{
    private const int MostPrefixes = 10_000; // when lists of several columns are multiplied; one list may be as long as the parser lets it be

    private readonly TableSchema _table;
    private readonly List<BoundExpression> _open; // conjuncts that no path has settled yet
    private readonly List<BoundExpression> _taken = []; // those that the prefixes have settled
    private BoundExpression[][] _prefixes = [[]]; // what the leading key columns may be: one for each combination
    private int _fixedColumns;
    private int _position; // key columns that the prefixes cover

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
    public static int FixedColumns(AccessPath path) => path switch
    {
        RangePath range => range.Prefix.Count,
        MultiRangePath ranges => ranges.FixedColumns,
        _ => 0,
    };

    private AccessPath FindPath()
    {
        var key = _table.KeyColumns;
        while (_position < key.Count && (TakeEquality(key[_position]) || TakeList(key[_position])))
        {
            _position++;
            _fixedColumns = _prefixes.Length == 1 ? _position : _fixedColumns;
        }

        if (_position == key.Count)
        {
            return _prefixes.Length == 1 ? new PointPath(_prefixes[0]) : new MultiPointPath(_prefixes);
        }

        return (AccessPath?)TakeRows() ?? TakeRange(key[_position]);
    }

    private bool TakeEquality(ColumnSchema column)
    {
        foreach (var term in _open)
        {
            if (term is ComparisonTest { Comparison: BinaryOperator.Equal } test && ValueBeside(test, column) is { } value)
            {
                Take(term, [[value]]);
                return true;
            }
        }

        return false;
    }

    private bool TakeList(ColumnSchema column)
    {
        foreach (var term in _open)
        {
            if (term is MembershipTest test && IsColumn(test.Operand, column) && test.Items.All(static item => item.IsFixed)
                && (_prefixes.Length == 1 || (long)_prefixes.Length * test.Items.Count <= MostPrefixes))
            {
                Take(term, test.Items.Select(static item => (IReadOnlyList<BoundExpression>)[item]));
                return true;
            }
        }

        return false;
    }

    /// <summary><c>(b, c) IN ((1, 2), …)</c> for all key columns that are left.</summary>
    private MultiPointPath? TakeRows()
    {
        var rest = _table.KeyColumns.Skip(_position).ToArray();
        foreach (var term in _open)
        {
            if (term is RowMembershipTest test && AreColumns(test.Equalities[0].Left, rest) && test.Equalities.All(static row => row.Right.All(static item => item.IsFixed))
                && (_prefixes.Length == 1 || (long)_prefixes.Length * test.Equalities.Count <= MostPrefixes))
            {
                Take(term, test.Equalities.Select(static row => row.Right));
                return new MultiPointPath(_prefixes);
            }
        }

        return null;
    }

    /// <summary>Continues every prefix in every way.</summary>
    private void Take(BoundExpression term, IEnumerable<IReadOnlyList<BoundExpression>> tails)
    {
        _open.Remove(term);
        _taken.Add(term);
        _prefixes = [.. tails.SelectMany(tail => _prefixes.Select(prefix => (BoundExpression[])[.. prefix, .. tail]))];
    }

    private AccessPath TakeRange(ColumnSchema column)
    {
        var lower = new List<KeyBound>();
        var upper = new List<KeyBound>();
        PatternTest? like = null;
        for (var i = 0; i < _open.Count;)
        {
            if (_open[i] is PatternTest pattern && like is null && IsLikeBound(pattern, column))
            {
                var known = KnownPattern(pattern);
                like = known is { BeginsWithText: false } && column.Type != SqlType.Any ? null : pattern; // of ANY, '%' is still the texts only
                if (known is { IsPrefixOnly: true })
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

        return _prefixes.Length == 1
            ? new RangePath(_prefixes[0], lower, upper, like)
            : new MultiRangePath(_fixedColumns, _taken, _prefixes, lower, upper, like);
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
                var rest = _table.KeyColumns.Skip(_position).ToArray();
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

    /// <summary>The pattern when it is a constant; when it is one such as 'p%', every key in its range matches.</summary>
    private static LikePattern? KnownPattern(PatternTest pattern) =>
        pattern.Inputs.HasFlag(ExpressionInputs.Parameters) ? null : pattern.ParsePattern(new EvaluationFrame());

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
