using LsmTree.Data.Expressions;
using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>One aggregate while rows go by.</summary>
internal sealed class Accumulator(AggregateCall call)
{
    private long _count;
    private SqlValue _value;

    public void Add(EvaluationFrame frame)
    {
        if (call.Argument is null)
        {
            _count++;
            return;
        }

        call.Argument.Evaluate(frame, out var value);
        if (value.IsNull)
        {
            return;
        }

        _count++;
        switch (call.Function)
        {
            case AggregateFunction.Min:
                _value = _count == 1 || Comparison.CompareForSort(value, _value) < 0 ? value.ToOwned() : _value;
                break;
            case AggregateFunction.Max:
                _value = _count == 1 || Comparison.CompareForSort(value, _value) > 0 ? value.ToOwned() : _value;
                break;
            case AggregateFunction.Sum or AggregateFunction.Avg:
                AddNumber(value);
                break;
        }
    }

    /// <summary>Takes a number of rows that were counted elsewhere.</summary>
    public void AddRows(long count) => _count += count;

    public SqlValue Finish() => call.Function switch
    {
        AggregateFunction.CountRows or AggregateFunction.Count => SqlValue.FromInt64(_count),
        AggregateFunction.Avg when _count > 0 => Average(),
        _ => _value,
    };

    /// <summary>Sums run in BIGINT, DOUBLE, DECIMAL or MONEY; an average of integers in DECIMAL, so that its sum does not overflow early.</summary>
    private void AddNumber(in SqlValue value)
    {
        if (!SqlTypes.IsNumeric(value.Type))
        {
            throw new LsmException(LsmErrorCode.DatatypeMismatch, $"{call.Function.ToString().ToUpperInvariant()} adds numbers, not {SqlTypes.NameOf(value.Type)}");
        }

        var type = SqlTypes.IsFloating(value.Type) ? SqlType.Double
            : value.Type == SqlType.Money && call.Function == AggregateFunction.Sum ? SqlType.Money
            : SqlTypes.IsDecimal(value.Type) || call.Function == AggregateFunction.Avg ? SqlType.Decimal
            : SqlType.Int64;
        var number = Conversion.Convert(value, type);
        _value = _count == 1 ? number : Arithmetic.Apply(ArithmeticOperator.Add, _value, number);
    }

    private SqlValue Average()
    {
        var divisor = _value.Type == SqlType.Double ? SqlValue.FromDouble(_count) : SqlValue.FromDecimal(_count);
        var average = Arithmetic.Apply(ArithmeticOperator.Divide, _value, divisor);
        return call.Type is SqlType.Any or SqlType.Null ? average : Conversion.Convert(average, call.Type);
    }
}
