using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>The values of a long IN list, for one execution.</summary>
/// <remarks>Values of one class only: whether others compare at all, and what comes of it, is left to the comparison of each.</remarks>
internal sealed class CandidateSet
{
    private readonly HashSet<SqlValue> _values;
    private readonly TypeClass _class;
    private readonly bool _hasNull;

    private CandidateSet(HashSet<SqlValue> values, TypeClass typeClass, bool hasNull)
    {
        _values = values;
        _class = typeClass;
        _hasNull = hasNull;
    }

    /// <summary>The set of some expressions that no row changes; null when their values are of several classes.</summary>
    public static CandidateSet? Create(BoundExpression[] items, EvaluationFrame frame)
    {
        var values = new HashSet<SqlValue>(SqlValueEquality.Instance);
        var typeClass = TypeClass.Null;
        var hasNull = false;
        foreach (var item in items)
        {
            item.Evaluate(frame, out var value);
            if (value.IsNull)
            {
                hasNull = true;
                continue;
            }

            if (typeClass != TypeClass.Null && typeClass != SqlTypes.ClassOf(value.Type))
            {
                return null;
            }

            typeClass = SqlTypes.ClassOf(value.Type);
            values.Add(value.ToOwned());
        }

        return new CandidateSet(values, typeClass, hasNull);
    }

    public bool CanAnswer(in SqlValue value) => SqlTypes.ClassOf(value.Type) == _class;

    /// <summary>True, false, or null when the list has a NULL that might be the value.</summary>
    public bool? Contains(in SqlValue value) => _values.Contains(value) ? true : _hasNull ? null : false;
}
